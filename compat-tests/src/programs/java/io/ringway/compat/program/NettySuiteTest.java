package io.ringway.compat.program;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** The test-suite of Netty's transports, on its NIO transport: everything about TCP sockets. */
@Suite
@SelectPackages("io.netty.testsuite.transport.socket")
@IncludeClassNamePatterns(".*Test")
class NettySuiteTest {}
