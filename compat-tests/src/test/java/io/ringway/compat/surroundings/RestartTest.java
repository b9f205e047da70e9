package io.ringway.compat.surroundings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.TimeLimit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A container that restarts its applications: nothing of theirs is kept by what lives on. */
@TimeLimit(90)
class RestartTest {
    private static final int TIMES = 3;

    @ParameterizedTest
    @ValueSource(strings = {"Application", "Careless"})
    void theLoaderOfAnApplicationThatHasEndedIsCollected(String application) throws Exception {
        try (ChildJvm child = ChildJvm.start(Container.class, application, TIMES)) {
            for (int i = 0; i < TIMES; i++) {
                child.expect("collected");
            }
            assertEquals(0, child.awaitExit());
        }
    }
}
