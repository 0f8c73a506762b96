package org.outguard.nft;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What {@code nft -j} prints, see libnftables-json(5). */
final class NftJson {

    private NftJson() {}

    /**
     * The objects of a list, each a map with one member that names its kind.
     *
     * @throws IOException where it is no such list; its message says so in words
     */
    static List<?> objects(String json) throws IOException {
        Object root;
        try {
            root = JSON.std.anyFrom(json);
        } catch (IOException e) {
            throw new IOException("nft's list could not be read: " + e.getMessage(), e);
        }
        if (root instanceof Map<?, ?> map && map.get("nftables") instanceof List<?> objects) {
            return objects;
        }
        throw new IOException("nft's list could not be read: it has no nftables");
    }
}
