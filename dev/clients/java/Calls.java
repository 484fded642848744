import com.aliyuncs.AcsResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.RpcAcsRequest;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.live.model.v20161101.CopyCasterSceneConfigRequest;
import com.aliyuncs.live.model.v20161101.DescribeCasterSceneAudioRequest;
import com.aliyuncs.live.model.v20161101.DescribeCasterScenesRequest;
import com.aliyuncs.live.model.v20161101.UpdateCasterSceneAudioRequest;
import com.aliyuncs.profile.DefaultProfile;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes every call with aliyun-java-sdk-core, as ordered on standard input, and prints the RequestId
 * of each; at last the code that a wrong secret gets.
 */
public class Calls {
    private final JsonObject order;

    private Calls(JsonObject order) {
        this.order = order;
    }

    public static void main(String[] arguments) throws Exception {
        JsonElement given = JsonParser.parseReader(new InputStreamReader(System.in, "UTF-8"));
        Calls calls = new Calls(given.getAsJsonObject());
        DefaultAcsClient client = calls.client(calls.text("accessKeySecret"));
        System.out.println(client.getAcsResponse(calls.update()).getRequestId());
        System.out.println(client.getAcsResponse(calls.read()).getRequestId());
        System.out.println(client.getAcsResponse(calls.list()).getRequestId());
        System.out.println(client.getAcsResponse(calls.take()).getRequestId());
        try {
            calls.client("wrong").getAcsResponse(calls.read());
        } catch (ClientException refused) {
            System.out.println(refused.getErrCode());
        }
    }

    private DefaultAcsClient client(String secret) {
        return new DefaultAcsClient(
                DefaultProfile.getProfile(text("regionId"), text("accessKeyId"), secret));
    }

    private String text(String name) {
        return order.get(name).getAsString();
    }

    private <T extends AcsResponse, R extends RpcAcsRequest<T>> R sent(R request) {
        request.setSysEndpoint(text("endpoint"));
        request.setSysProtocol(ProtocolType.HTTP);
        return request;
    }

    private UpdateCasterSceneAudioRequest update() {
        UpdateCasterSceneAudioRequest request = sent(new UpdateCasterSceneAudioRequest());
        request.setCasterId(text("casterId"));
        request.setSceneId(text("sceneId"));
        request.setFollowEnable(order.get("followEnable").getAsInt());
        List<UpdateCasterSceneAudioRequest.AudioLayer> layers = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (JsonElement element : order.getAsJsonArray("layers")) {
            JsonObject given = element.getAsJsonObject();
            UpdateCasterSceneAudioRequest.AudioLayer layer =
                    new UpdateCasterSceneAudioRequest.AudioLayer();
            layer.setVolumeRate(given.get("volumeRate").getAsFloat());
            layer.setValidChannel(given.get("validChannel").getAsString());
            layer.setFixedDelayDuration(given.get("fixedDelayDuration").getAsInt());
            layer.setFilter(given.get("filter").getAsString());
            layers.add(layer);
            places.add(given.get("locationId").getAsString());
        }
        request.setAudioLayers(layers);
        request.setMixLists(places);
        return request;
    }

    private DescribeCasterSceneAudioRequest read() {
        DescribeCasterSceneAudioRequest request = sent(new DescribeCasterSceneAudioRequest());
        request.setCasterId(text("casterId"));
        request.setSceneId(text("sceneId"));
        return request;
    }

    private DescribeCasterScenesRequest list() {
        DescribeCasterScenesRequest request = sent(new DescribeCasterScenesRequest());
        request.setCasterId(text("casterId"));
        request.setSceneId(text("sceneId"));
        return request;
    }

    private CopyCasterSceneConfigRequest take() {
        CopyCasterSceneConfigRequest request = sent(new CopyCasterSceneConfigRequest());
        request.setCasterId(text("casterId"));
        request.setFromSceneId(text("previewId"));
        request.setToSceneId(text("sceneId"));
        return request;
    }
}
