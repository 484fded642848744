-- How Argo CD sees the health of a CasterSceneAudio; `obj` is the object.
--
-- It gets by with Lua's base and table libraries, all that Argo CD hands to a script: no string, no
-- math, no method on a string. A message is a string always; Argo CD takes nothing else.

local function text(value, otherwise)
  if type(value) == "string" and value ~= "" then
    return value
  end
  return otherwise
end

local generation = obj.metadata.generation
local status = obj.status or {}

-- What is told of an older generation is no news of this one, so a new object is never healthy
-- before the operator has dealt with it. The schema's default is -1.
if generation == nil or status.observedGeneration ~= generation then
  local answered = (tonumber(status.observedGeneration) or -1) >= 0
  return {
    status = "Progressing",
    message = answered and "The operator has not answered to the last change yet."
      or "The operator has not reported yet: does it run, and does it serve this namespace?",
  }
end

local told = {}
for _, condition in ipairs(status.conditions or {}) do
  if condition.observedGeneration == generation then
    told[condition.type] = condition
  end
end

local function is_true(name)
  return told[name] ~= nil and told[name].status == "True"
end

local function seen_as(health, name, otherwise)
  return { status = health, message = text(told[name].message, otherwise) }
end

if is_true("Suspended") then
  return seen_as("Suspended", "Suspended", "Suspended: nothing is called.")
end
if is_true("Stalled") then
  return seen_as("Degraded", "Stalled", "Stalled: a person must act.")
end
if is_true("Reconciling") then
  return seen_as("Progressing", "Reconciling", "The operator is still at it.")
end
if is_true("Ready") then
  local healthy = seen_as("Healthy", "Ready", "The scene's audio is as declared.")
  if is_true("Drifted") then
    -- An object that only observes is well, whatever it sees; what it sees is told.
    healthy.message = healthy.message .. " The studio differs: " .. text(told.Drifted.message, "?")
  end
  return healthy
end
return {
  status = "Progressing",
  message = text((told.Ready or {}).message, "The operator has not said yet that it is ready."),
}
