// Makes every call with @alicloud/pop-core, by GET and by POST, as ordered on standard input, and
// prints the RequestId of each; at last the code that a wrong secret gets.
'use strict';

const { RPCClient } = require('@alicloud/pop-core');

const order = JSON.parse(require('fs').readFileSync(0, 'utf8'));

function client(accessKeySecret) {
  return new RPCClient({
    endpoint: `http://${order.endpoint}`,
    apiVersion: '2016-11-01',
    accessKeyId: order.accessKeyId,
    accessKeySecret,
  });
}

const { regionId, casterId, sceneId } = order;
const calls = [
  ['UpdateCasterSceneAudio', {
    regionId,
    casterId,
    sceneId,
    followEnable: order.followEnable,
    AudioLayer: order.layers.map((layer) => ({
      VolumeRate: layer.volumeRate,
      ValidChannel: layer.validChannel,
      FixedDelayDuration: layer.fixedDelayDuration,
      Filter: layer.filter,
    })),
    MixList: order.layers.map((layer) => layer.locationId),
  }],
  ['DescribeCasterSceneAudio', { regionId, casterId, sceneId }],
  ['DescribeCasterScenes', { regionId, casterId, sceneId }],
  ['CopyCasterSceneConfig', {
    regionId,
    casterId,
    fromSceneId: order.previewId,
    toSceneId: sceneId,
  }],
];

async function main() {
  for (const method of ['GET', 'POST']) {
    for (const [action, parameters] of calls) {
      const answer = await client(order.accessKeySecret).request(action, parameters, { method });
      console.log(answer.RequestId);
    }
  }
  try {
    await client('wrong').request(...calls[1]);
  } catch (error) {
    console.log(error.code);
  }
  // Its connections are kept alive, and would keep the process.
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
