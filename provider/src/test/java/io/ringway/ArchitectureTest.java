package io.ringway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The directions in which packages may depend on each other. */
@AnalyzeClasses(packages = "io.ringway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule wireKnowsOnlyMemory = noClasses()
            .that()
            .resideInAPackage("io.ringway.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.ringway.stack..", "io.ringway.nio..", "io.ringway.nic..", "io.ringway.linux..");

    @ArchTest
    static final ArchRule theStackKnowsNoChannelThreadOrClock = noClasses()
            .that()
            .resideInAnyPackage("io.ringway.stack..", "io.ringway.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.channels..", "sun.nio.ch..", "java.time..", "io.ringway.nio..", "io.ringway")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule theStackKnowsNoKindOfPort = noClasses()
            .that()
            .resideInAnyPackage("io.ringway.stack..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.ringway.nic.fabric..",
                    "io.ringway.nic.wrap..",
                    "io.ringway.nic.xdp..",
                    "io.ringway.nic.tap..",
                    "io.ringway.linux..");

    @ArchTest
    static final ArchRule portsKnowNoSockets = noClasses()
            .that()
            .resideInAnyPackage("io.ringway.nic..", "io.ringway.linux..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.ringway.stack..", "io.ringway.wire..", "io.ringway.nio..", "io.ringway");

    @ArchTest
    static final ArchRule onlyOnePackageCallsNativeCode = noClasses()
            .that()
            .resideOutsideOfPackage("io.ringway.linux..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker");

    @ArchTest
    static final ArchRule namesSaySomething = classes()
            .that()
            .resideInAPackage("io.ringway..")
            .should()
            .haveNameNotMatching(".*(Impl|Manager|Helper|Util|Utils)");
}
