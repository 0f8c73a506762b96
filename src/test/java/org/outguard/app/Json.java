package org.outguard.app;

import java.util.List;
import java.util.Map;

/** Looks into objects that were read from NDJSON. */
public final class Json {

    private Json() {}

    public static boolean isType(Map<String, Object> object, String type) {
        return type.equals(object.get("type"));
    }

    public static String text(Map<String, Object> object, String field) {
        return String.valueOf(object.get(field));
    }

    static long number(Map<String, Object> object, String field) {
        if (object.get(field) instanceof Number number) {
            return number.longValue();
        }
        throw new AssertionError(field + " is no number in " + object);
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(Map<String, Object> object, String field) {
        if (object.get(field) instanceof Map<?, ?> inner) {
            return (Map<String, Object>) inner;
        }
        throw new AssertionError(field + " is no object in " + object);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> list(Map<String, Object> object, String field) {
        if (object.get(field) instanceof List<?> inner) {
            return (List<Map<String, Object>>) inner;
        }
        throw new AssertionError(field + " is no list in " + object);
    }

    /** Whether an offender sends to this address. */
    static boolean sendsTo(Map<String, Object> offender, String address) {
        return list(offender, "remotes").stream().anyMatch(remote -> address.equals(remote.get("address")));
    }

    /** What an offender has sent to this address. */
    static long packetsTo(Map<String, Object> offender, String address) {
        return list(offender, "remotes").stream()
                .filter(remote -> address.equals(remote.get("address")))
                .mapToLong(remote -> number(remote, "packets"))
                .sum();
    }
}
