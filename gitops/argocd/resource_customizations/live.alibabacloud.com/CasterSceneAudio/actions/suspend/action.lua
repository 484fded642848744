-- Nothing is called for the object until it is resumed. An Application with selfHeal takes it back where
-- Git says otherwise: then set spec.suspend in Git.
obj.spec.suspend = true
return obj
