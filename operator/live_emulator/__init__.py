"""ApsaraVideo Live on a laptop: the audio of caster scenes, API version 2016-11-01.

The parts, in reading order:

    settings    what it starts with: command line, environment
    server      the composition; `serving()` for use in a test's own process
    gateway     a call's way: reception, admission, quota, faults, service, delivery, record
    claim       who calls for what, in the headers or, as of old, among the parameters
    admission   access key (keys), token, date, nonce, permission; the signature by verification,
                after ACS3-HMAC-SHA256 (signature) or version 1.0 (rpc_signature)
    quota       never more than N accepted calls of an action in any second of an account
    service     the calls about scenes; parameters parses them, studio and audio are what they change
    answers     the catalog of errors, and the shape of their documents; markup writes them as XML,
                alteration leaves members out or puts others in
    faults      what a test orders to go wrong; delivery makes it so
    calls       the record of what came; tally counts it
    control     the API below, with scene_control for the scenes (bodies, document, exchange)
    desk        GET / to watch, and to cause trouble with: the page is desk_page's

The calls are UpdateCasterSceneAudio, DescribeCasterSceneAudio, DescribeCasterScenes and
CopyCasterSceneConfig, a take: the layout, the components and the locations of a preview scene are
copied onto a programme scene of its caster, and so is its audio unless told otherwise, for whether
the service does so isn't known.

STS's GetCallerIdentity (version 2015-04-01) is answered too, at the same address and without a
quota: it tells the account of an access key.

It shares no code with the operator, so that it can be its oracle. Point an SDK at it with
`endpoint='127.0.0.1:8080', protocol='http'`. Both forms of signature are taken, by GET and POST,
with parameters in the query or a form: ACS3-HMAC-SHA256, and version 1.0 (HMAC-SHA1), which the
`aliyun` command and older SDKs send. The latter is answered in XML unless Format is JSON, the
former in JSON unless Format is XML. `GET /` is the page only where nothing names a call.

At the start there is a caster `LIVEPRODUCER_POST-cn-demo` with the scenes `scene-opening` (on air)
and `scene-interview` (preview), each with the locations RV01 to RV08, following its video and
without layers.

The control API, JSON in and out; a body that doesn't fit is a 400 that says where:

    GET    /emulator/health
    POST   /emulator/reset                      everything as at the start

    GET    /emulator/scenes[?casterId=]         {"scenes": [SCENE, …]}
    PUT    /emulator/scenes                     {"scenes": [SCENE, …], "series": [{"casterId",
                                                "prefix": "scene-", "count", "template": {…}}],
                                                "replace": false}; a series numbers from 1
    DELETE /emulator/scenes
    GET    /emulator/scenes/{caster}/{scene}
    PUT    /emulator/scenes/{caster}/{scene}    creates or replaces it; every member is optional
    PATCH  /emulator/scenes/{caster}/{scene}    what is given replaces what was, in audio too
    DELETE /emulator/scenes/{caster}/{scene}
    POST   /emulator/scenes/{caster}/{scene}/take    {"from": "scene-interview"}: a take, as
                                                CopyCasterSceneConfig does it, without a key

A SCENE has casterId, sceneId, sceneName, locations (["RV01", …]; null takes any), outputType
("0" preview, "1" on air), status (1; 0 answers IncorrectSceneStatus), configError
(IncorrectSceneStatus.ConfigError), inChannel (412 ResourceInChannel.PreConditionFailed),
invalidLocations (412 ResourceInChannel.Invalid when named), account (other accounts get 401
IllegalOperation; null: any), layoutId, componentIds, streamUrl, untold (members that reads
leave out, by the names that `without` below takes), and

    audio: {"followEnable": 0, "layers": [{"locationId": "RV01", "volumeRate": 1.0,
            "validChannel": "all", "fixedDelayDuration": 0, "filter": {"enableAgc": 0,
            "enableAns": 0, "ansMode": 0, "enableBeautify": 0, "voiceBeautifyMode": 0}}]}

which a PUT or PATCH sets behind everybody's back. Volumes are kept as 32-bit floats. A caster
exists while it has a scene. In MixList an unknown location is ResourceInChannel.NotFound; one
named twice, or more than the scene has, is InvalidMixList.ExceedNorm.

    GET    /emulator/faults                     {"faults": [FAULT with id, served, spent]}
    POST   /emulator/faults                     orders one; the answer has its id
    DELETE /emulator/faults                     clears all, and frees the calls that hang on them
    DELETE /emulator/faults/{id}

A FAULT strikes after a call passed signature and quota, and every member is optional:

    kind           error (the default: code, message, retryAfterMs, status by code), codeIn200,
                   hang, slowBody (both want delaySeconds), drop (connection reset), html (502),
                   empty (200), truncated (half the JSON), cut (half, then closed), wrongTypes,
                   redirect (307 to location), body (body and contentType, verbatim),
                   altered (the service's own answer, for the two members that come last)
    times          1; null lasts until cleared
    skip           0; that many matching calls pass first
    match          {"action", "accessKeyId", "account", "casterId", "sceneId"}
    delaySeconds   0; before the answer; null waits until the fault is cleared
    applied        hang, slowBody, truncated, cut, wrongTypes and altered carry the service's own
                   answer, so its change is made: before the delay with true, after it with false.
                   With every other kind it is made before the delay with true, never with false
    status, code, message, retryAfterMs, body, contentType, location
    format         "JSON" or "XML", whatever was asked for
    without        [] of members that the answer, true or ordered, leaves out: "VolumeRate" wherever
                   it stands, "AudioLayer.2.VolumeRate" of that layer, "AudioLayer.2" the whole of it
    merge          {} that is merged into the answer after that, as a JSON merge patch (RFC 7396):
                   {"RequestId": "…"}, {"AudioLayers": {"AudioLayer": [{"FixedDelayDuration": …}]}}.
                   Lists are replaced whole, null removes; a RequestId is put on record as told

    GET    /emulator/calls                      {"calls": [CALL, …]}, oldest first; ?action=
                                                &casterId= &sceneId= &accessKeyId= &account=
                                                &code= &after=ID &limit=LAST
    GET    /emulator/calls/tally                total, byAction and code, mostOverlapping,
                                                mostInOneSecond; the same filters
    DELETE /emulator/calls

A CALL has id, time, startedMonotonic, finishedMonotonic (null in flight), action, accessKeyId,
account, parameters (without those of the signature), httpStatus (null: no answer), code (OK; the service's; LineTooLong; else the
fault's kind), requestId, signature (ACS3-HMAC-SHA256 or 1.0), userAgent, overlapping (other calls in flight for its scene when it came; a
caller that gave up on a hanging call and tries again overlaps it), fault, applied. A call is
finished before its answer leaves.

    GET    /emulator/access-keys                without secrets
    PUT    /emulator/access-keys/{id}           {"secret", "account", "securityToken", "expires" or
                                                "expiresInSeconds", "active": true,
                                                "deniedActions": [] (403 Forbidden.RAM)}
    DELETE /emulator/access-keys/{id}
    GET    /emulator/dials                      updateQps, copyQps, readQps (each read; 0: none),
    PATCH  /emulator/dials                      takeAudio (false: a take leaves the audio as it
                                                was), latencyMs, anyScene, longestLineBytes (a longer
                                                request line is an HTML 414; 0: any up to 256 KiB),
                                                longChannels (reads tell leftChannel, not left),
                                                wholeVolumes (reads tell 1, not 1.0)
"""
