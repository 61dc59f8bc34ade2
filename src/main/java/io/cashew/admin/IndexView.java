package io.cashew.admin;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What there is to see.
@Schema(name = "Index")
record IndexView(String name, String version, Links links) {
    @Schema(name = "IndexLinks")
    record Links(String pools, String configuration, String events, String logLevels, String reload, String openapi) {}
}
