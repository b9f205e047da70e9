package io.ringway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentArgumentsTest {
    @Test
    void prefixMayBeLeftOut() {
        assertEquals(
                Map.of("ringway.profile", "latency", "ringway.strict", "true"),
                AgentArguments.parse("profile=latency,ringway.strict=true").values());
    }

    @Test
    void commaWithoutKeyBelongsToTheValueBefore() {
        assertEquals(
                Map.of("ringway.exclude", "10.0.0.0/8,127.0.0.1:80", "ringway.strict", "true"),
                AgentArguments.parse("exclude=10.0.0.0/8,127.0.0.1:80,strict=true")
                        .values());
    }

    @Test
    void valueMayBeEmptyAndMayHoldAnEqualsSign() {
        assertEquals(
                Map.of("ringway.a", "", "ringway.b", "c=d"),
                AgentArguments.parse("a=,b=c=d").values());
    }

    @Test
    void nothingIsNoArgument() {
        assertTrue(AgentArguments.parse(null).values().isEmpty());
        assertTrue(AgentArguments.parse(" ").values().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"strict", "=true", ",strict=true", "strict=true,=x", "strict=true,ringway.strict=false"})
    void anythingElseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> AgentArguments.parse(text));
    }
}
