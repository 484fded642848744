-- Has the spec sent again now, whatever was sent before. To Argo CD the annotation is no difference.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["live.alibabacloud.com/reconcile-requested-at"] = os.date("!%Y-%m-%dT%H:%M:%SZ")
return obj
