package org.outguard.headless.ndjson;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The published JSON Schema of the NDJSON, against which tests hold what the program writes. */
final class NdjsonSchema {

    private static final Path FILE = Path.of("src/docs/ndjson.schema.json");

    private NdjsonSchema() {}

    static String text() throws IOException {
        return Files.readString(FILE);
    }

    /** Fails with what the schema says of a line. */
    static void check(String line) throws IOException {
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text());
        String faults = schema.validate(line, InputFormat.JSON).stream()
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
        assertThat(faults).as("what the schema says of %s", line).isEmpty();
    }
}
