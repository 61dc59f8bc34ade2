package io.cashew.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.cashew.Cashew;
import io.cashew.admin.StatisticsPort;
import io.cashew.client.Listener;
import io.cashew.config.Options;
import io.cashew.server.Connector;
import io.vertx.core.impl.ContextInternal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Who may import whom: the rules that hold the house up. `docs/architecture.md` draws them.
class ImportRulesTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final String[] ROAD = {
        "io.cashew.client..",
        "io.cashew.forwarding..",
        "io.cashew.routing..",
        "io.cashew.sharding..",
        "io.cashew.server..",
        "io.cashew.protocol..",
        "io.cashew.transport.."
    };

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.cashew");

    @Test
    void packagesAreFreeOfCycles() {
        hold(slices().matching("io.cashew.(**)").should().beFreeOfCycles()
                .because("a room that needs its user cannot be read, tested or changed without it"));
    }

    @Test
    void theRoadKnowsNothingOfTheHouseAroundIt() {
        hold(noClasses().that().resideInAnyPackage(ROAD)
                .should().dependOnClassesThat(
                        resideInAnyPackage("io.cashew.config..", "io.cashew.pool..", "io.cashew.admin..", "io.cashew.dev.."))
                .because("it is given small records of settings, so that tests need no configuration and a reload is a new "
                        + "record"));
    }

    @Test
    void theRoadIsMadeOfPlainObjects() {
        hold(noClasses().that().resideInAnyPackage(ROAD)
                .should().dependOnClassesThat(
                        resideInAnyPackage("jakarta..", "io.quarkus..", "io.smallrye..", "io.micrometer..", "org.eclipse.."))
                .because("CDI begins at pool, and counting is adding to a number"));
    }

    @Test
    void languagesAndDecisionsKnowNoSockets() {
        hold(noClasses().that()
                .resideInAnyPackage("io.cashew.protocol..", "io.cashew.sharding..", "io.cashew.routing..", "io.cashew.transport..")
                .should().dependOnClassesThat(resideInAnyPackage("io.vertx.."))
                .because("what bytes mean and where a key goes can be tried without a socket, and transport would serve "
                        + "plain Netty as well"));
    }

    @Test
    void shardingIsArithmetic() {
        hold(classes().that().resideInAPackage("io.cashew.sharding..")
                .should().onlyDependOnClassesThat(resideInAnyPackage("java..", "io.cashew.sharding.."))
                .because("it has to equal twemproxy's bit for bit, whatever surrounds it"));
    }

    @Test
    void theTwoLanguagesDoNotKnowEachOther() {
        hold(noClasses().that().resideInAPackage("io.cashew.protocol.redis..")
                .should().dependOnClassesThat(resideInAPackage("io.cashew.protocol.memcache.."))
                .because("what both need belongs to protocol"));
        hold(noClasses().that().resideInAPackage("io.cashew.protocol.memcache..")
                .should().dependOnClassesThat(resideInAPackage("io.cashew.protocol.redis.."))
                .because("what both need belongs to protocol")
                .allowEmptyShould(true));
    }

    @Test
    void aProtocolIsChosenInOnePlace() {
        hold(noClasses().that(resideInAnyPackage("io.cashew..").and(
                        not(resideInAnyPackage("io.cashew.protocol.redis..", "io.cashew.protocol.memcache..", "io.cashew.pool.."))))
                .should().dependOnClassesThat(
                        resideInAnyPackage("io.cashew.protocol.redis..", "io.cashew.protocol.memcache.."))
                .because("the road is the same for every protocol; pool decides which one it carries"));
    }

    @Test
    void transportKnowsNothingOfTheHouse() {
        hold(noClasses().that().resideInAPackage("io.cashew.transport..")
                .should().dependOnClassesThat(
                        resideInAPackage("io.cashew..").and(not(resideInAPackage("io.cashew.transport.."))))
                .because("bytes and event loops are below every request"));
    }

    @Test
    void metricsIsALeaf() {
        hold(noClasses().that().resideInAPackage("io.cashew.metrics..")
                .should().dependOnClassesThat(
                        resideInAPackage("io.cashew..").and(not(resideInAPackage("io.cashew.metrics.."))))
                .because("anyone may count"));
    }

    @Test
    void theFrontDoorReachesServersOnlyThroughTheHall() {
        hold(noClasses().that().resideInAPackage("io.cashew.client..")
                .should().dependOnClassesThat().resideInAPackage("io.cashew.server..")
                .because("a client connection is owed answers; who gives them is forwarding's business"));
        hold(noClasses().that().resideInAPackage("io.cashew.server..")
                .should().dependOnClassesThat()
                        .resideInAnyPackage("io.cashew.client..", "io.cashew.forwarding..", "io.cashew.routing..")
                .because("a server connection owes its caller an answer, whoever that is"));
    }

    @Test
    void internalTypesOfVertxAreTouchedByOneClassOfEachDoor() {
        hold(noClasses().that(not(belongToAnyOf(Listener.class, Connector.class, StatisticsPort.class))
                .and(not(resideInAPackage("io.cashew.pool.."))))
                .should().dependOnClassesThat().resideInAPackage("io.vertx.core..impl..")
                .because("they may change with every version of Vert.x"));
        hold(noClasses().that().resideInAPackage("io.cashew.pool..")
                .should().dependOnClassesThat(
                        resideInAPackage("io.vertx.core..impl..").and(not(belongToAnyOf(ContextInternal.class))))
                .because("a pool asks a context for its event loop, which has no public name, and nothing more"));
    }

    @Test
    void nobodyKnowsDevelopmentMode() {
        hold(noClasses().that().resideOutsideOfPackage("io.cashew.dev..")
                .should().dependOnClassesThat().resideInAPackage("io.cashew.dev..")
                .because("production runs without it"));
    }

    @Test
    void onlyTheCommandLineWritesToTheTerminal() {
        hold(noClasses().that(not(belongToAnyOf(Cashew.class, Options.class)))
                .should().accessField(System.class, "out")
                .orShould().accessField(System.class, "err")
                .because("everything else is for the log, which has levels and a place"));
    }

    @Test
    void everyRoomSaysWhatItIsFor() {
        var silent = new TreeSet<>(HOUSE.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()));
        silent.removeIf(name -> Files.exists(SOURCES.resolve(name.replace('.', '/')).resolve("package-info.java")));

        assertThat(silent).as("packages without a package-info").isEmpty();
    }

    private static void hold(ArchRule rule) {
        rule.check(HOUSE);
    }
}
