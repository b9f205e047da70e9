package io.ringway.compat.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.ChildJvm;
import io.ringway.compat.support.ProviderUnderTest;
import org.junit.jupiter.api.Test;

/** A program that nobody manages gets no management of the JDK's; the bean is there for those who ask. */
class ManagementTest {
    @Test
    void theBeanComesWhenSomebodyAsksForBeans() throws Exception {
        boolean hasBean = ProviderUnderTest.current() != ProviderUnderTest.JDK;
        try (ChildJvm child = ChildJvm.start(Managed.class, hasBean)) {
            child.expect("open true");
            assertEquals(0, child.readNumber("servers"));
            if (hasBean) {
                assertEquals(0, child.readNumber("connections"));
            }
            assertEquals(0, child.awaitExit());
        }
    }
}
