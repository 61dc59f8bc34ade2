package io.cashew.admin;

import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.net.URL;
import java.util.Map;
import java.util.TreeMap;

/// What the management port says.
final class Management {
    private Management() {}

    static JsonPath health(URL url) {
        return RestAssured.get(url).jsonPath();
    }

    /// Every sample of a scrape: name and labels, as in `up{pool="a"}`, to value.
    static Map<String, Double> scrape(URL url) {
        Map<String, Double> samples = new TreeMap<>();
        text(url).lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            samples.put(line.substring(0, blank).replace(",}", "}"), Double.valueOf(line.substring(blank + 1)));
        });
        return samples;
    }

    /// Every metric of a scrape: name to type.
    static Map<String, String> types(URL url) {
        Map<String, String> types = new TreeMap<>();
        text(url).lines().filter(line -> line.startsWith("# TYPE ")).forEach(line -> {
            String[] words = line.split(" ");
            types.put(words[2], words[3]);
        });
        return types;
    }

    private static String text(URL url) {
        return RestAssured.given().accept("text/plain").get(url).asString();
    }
}
