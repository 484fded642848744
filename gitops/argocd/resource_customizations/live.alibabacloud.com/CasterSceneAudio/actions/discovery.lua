-- The actions that Argo CD offers for a CasterSceneAudio; `obj` is the object.
local suspended = obj.spec ~= nil and obj.spec.suspend == true
local actions = {}
actions["reconcile"] = {["disabled"] = suspended, ["displayName"] = "Apply again now"}
actions["suspend"] = {["disabled"] = suspended, ["displayName"] = "Suspend"}
actions["resume"] = {["disabled"] = not suspended, ["displayName"] = "Resume"}
return actions
