package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringway.compat.support.Exclusions;
import io.ringway.compat.support.FullListener;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.ProviderUnderTest;
import java.io.IOException;
import org.junit.platform.suite.api.AfterSuite;
import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * The test-suite of Netty's transports, on its NIO transport: everything about sockets, and the datagram channels in the
 * same selectors.
 */
// On the path of the agent, only tests tagged for it run: none.
@Suite(failIfNoTests = false)
@SelectPackages("io.netty.testsuite.transport.socket")
@IncludeClassNamePatterns(".*Test")
// The second invocation is for OpenSSL, whose native library isn't there.
@ConfigurationParameter(key = Exclusions.PARAMETER, value = "testSslSessionTrustManagerResumption.*#2")
class NettySuiteTest {
    private static FullListener listener;

    /** The suite wants an address that doesn't answer. Its own is of the Internet. */
    @BeforeSuite
    static void open() throws Exception {
        listener = FullListener.open();
        System.setProperty(
                "io.netty.testsuite.badHost", listener.address().getAddress().getHostAddress());
        System.setProperty(
                "io.netty.testsuite.badPort", String.valueOf(listener.address().getPort()));
    }

    @AfterSuite
    static void close() throws IOException {
        listener.close();
    }

    @AfterSuite
    static void theConnectionsTookTheirPath() {
        if (ProviderUnderTest.current() == ProviderUnderTest.JDK) {
            return;
        }
        long accelerated = ManagementBean.acceleratedConnections();
        long kernel = ManagementBean.kernelConnections();
        System.err.println("accelerated connections " + accelerated + ", over the kernel " + kernel);
        if (ProviderUnderTest.current().accelerates()) {
            assertTrue(accelerated > 10 * kernel, "connections that went to the kernel: " + kernel);
        } else {
            assertEquals(0, accelerated);
        }
    }
}
