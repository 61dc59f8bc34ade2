package io.cashew.config;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/// Lets an unknown key of a pool pass the framework's own check, which would end the start with a message of its own;
/// [ConfiguredPools] reports it together with everything else.
public final class CashewConfigCustomizer implements SmallRyeConfigBuilderCustomizer {
    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        builder.withMappingIgnore(CashewConfig.POOLS + ".**");
    }
}
