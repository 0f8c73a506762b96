package org.outguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.guard.port.ReadsForeign;

/** The rules hold for the program, and a planted tree that breaks each of them shows that they bite. */
class HouseRulesTest {

    private static final Path SOURCES = Path.of("src/main/java");

    private static final HouseRules RULES = new HouseRules("org.outguard");
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.outguard");

    private static final HouseRules PLANTED_RULES = new HouseRules("org.outguard.planted");
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("org.outguard.planted");

    @TestFactory
    Stream<DynamicTest> theProgramKeeps() {
        return RULES.all().entrySet().stream()
                .map(rule -> dynamicTest(rule.getKey(), () -> rule.getValue().check(PROGRAM)));
    }

    @ParameterizedTest
    @CsvSource({
        "package flow, flow.KnowsTheGuard",
        "package capture, capture.DrawsOnTheScreen",
        "package guard, guard.KnowsApp",
        "package nft, nft.KnowsAnotherEdge",
        "no other package, util.Helper",
        "the guard's inner packages are its own, headless.CountsByItself",
        "complaints are read by themselves, headless.complaint.KnowsTheGuard",
        "mails are taken apart in complaint, headless.TakesMailsApart",
        "programs are started in exec, nft.StartsPrograms",
        "threads are made in app, mta.MakesThreads",
        "clocks are made in app, headless.AsksTheTime",
        "randomness is made in app, journal.DrawsAtRandom",
        "files of others are opened through ForeignFiles, procfs.OpensByName",
        "readers catch what a parser throws, mta.TrustsALine",
    })
    void aPlantedFaultIsFound(String name, String fault) {
        ArchRule rule = PLANTED_RULES.all().get(name);
        List<String> details = rule.evaluate(PLANTED).getFailureReport().getDetails();
        assertThat(details).isNotEmpty().allMatch(line -> line.contains("org.outguard.planted." + fault));
    }

    @ParameterizedTest
    @CsvSource({
        "programs are started in exec, Runtime.exec",
        "programs are started in exec, ProcessBuilder.start",
        "threads are made in app, Thread.<init>",
        "threads are made in app, Executors.newSingleThreadExecutor",
        "threads are made in app, CompletableFuture.runAsync",
        "clocks are made in app, Instant.now()",
        "clocks are made in app, System.nanoTime()",
        "clocks are made in app, System.currentTimeMillis()",
        "clocks are made in app, Clock.systemUTC()",
        "randomness is made in app, Random.<init>",
        "randomness is made in app, UUID.randomUUID",
    })
    void soIsEachOfItsWays(String name, String way) {
        ArchRule rule = PLANTED_RULES.all().get(name);
        assertThat(rule.evaluate(PLANTED).getFailureReport().getDetails()).anyMatch(line -> line.contains(way));
    }

    @Test
    void whatAppMakesAndPassesOnIsNoFault() {
        for (ArchRule rule : PLANTED_RULES.all().values()) {
            assertThat(rule.evaluate(PLANTED).getFailureReport().getDetails())
                    .noneMatch(line -> line.contains("in (MakesEverything.java")
                            || line.contains("takesAClock")
                            || line.contains("takesAnExecutor"));
        }
    }

    /* The rule asks those alone that say that they read what others write. */
    /** Where an exception is planted in each reader, and what must be said of it. */
    private static final Map<String, String> PLANTED_IN_READERS = Map.ofEntries(
            Map.entry(
                    "ActorRequestReader.read", "app.actor.ActorRequestTest.whatTheReaderThrowsIsAReasonAndNothingElse"),
            Map.entry("CaptureFileReader.take", "capture.live.UnreadablePacketTest.aCaptureFileIsReadToItsEnd"),
            Map.entry("JavaLoop.count", "capture.live.UnreadablePacketTest.soIsADevice"),
            Map.entry("SmtpCapture.take", "capture.live.UnreadablePacketTest.soIsWhatIsHeardOfSmtp"),
            Map.entry("RequestCapture.take", "capture.live.UnreadablePacketTest.soIsWhatAsksAService"),
            Map.entry("Source.line", "maillog.LogFormsTest.whatAReaderThrowsIsCountedWithItsLine"),
            Map.entry("MailLogWatch.look", "app.mail.PlantedReadersTest.whatAPassThrowsIsSaidAndTheNextOneGoesOn"),
            Map.entry("MailLogWatch.read", "app.mail.PlantedReadersTest.aLogThatThrowsLeavesTheOthers"),
            Map.entry("DeliveryWatch.look", "app.mail.PlantedReadersTest.aLookThatThrowsIsSaid"),
            Map.entry("DeliveryWatch.guarded", "app.mail.PlantedReadersTest.aQueueFileThatThrowsLeavesTheOthers"),
            Map.entry(
                    "FeedbackWatch.about",
                    "app.mail.FeedbackWatchTest.aMailAtWhichTheReaderThrowsIsCountedAndTheOthersAreRead"),
            Map.entry("OwnerLookup.guarded", "kernel.OwnerLookupTest.aFailedLookIsNotTheLast"),
            Map.entry("OwnerLookup.process", "kernel.OwnerLookupTest.whatIsSaidOfOneProcessHidesNoOther"),
            Map.entry("KernelFeed.guarded", "kernel.PlantedFactsTest.packetsCountWhateverIsThrown"),
            Map.entry("JournalLine.read", "journal.JournalTest.foreignLinesAreReportedByNumberAndHideNothing"),
            Map.entry("Reading.take", "headless.IncidentTest.aLineAtWhichSomethingThrowsIsCountedAndTheNextOneIsRead"),
            Map.entry("SpoolReader.read", "mta.SpoolReaderTest.whatAFileMakesItsParserThrowIsAboutThatMessageAlone"),
            Map.entry(
                    "SpoolReader.withReasons",
                    "mta.SpoolReaderTest.whatAFileMakesItsParserThrowIsAboutThatMessageAlone"),
            Map.entry("ShowqSocket.take", "mta.postfix.PlantedEntriesTest.ofTheSocket"),
            Map.entry("PostqueueReader.read", "mta.postfix.PlantedEntriesTest.ofTheProgram"),
            Map.entry("EximListReader.guarded", "mta.exim.PlantedEntriesTest.oneOfThreeIsCounted"),
            Map.entry("SmtpctlReader.guarded", "mta.opensmtpd.PlantedEntriesTest.bothOfTwoAreListed"));

    @Test
    void anExceptionIsPlantedInEveryReader() throws ReflectiveOperationException {
        assertThat(PROGRAM.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(ReadsForeign.class))
                        .map(method -> method.getOwner().getSimpleName() + "." + method.getName()))
                .containsExactlyInAnyOrderElementsOf(PLANTED_IN_READERS.keySet());
        for (String test : PLANTED_IN_READERS.values()) {
            int dot = test.lastIndexOf('.');
            assertThat(Class.forName("org.outguard." + test.substring(0, dot))
                            .getDeclaredMethod(test.substring(dot + 1))
                            .isAnnotationPresent(Test.class))
                    .isTrue();
        }
    }

    @Test
    void everyPackageSaysWhatItHolds() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(files.filter(file -> file.toString().endsWith(".java"))
                            .map(Path::getParent)
                            .distinct()
                            .filter(folder -> !Files.exists(folder.resolve("package-info.java"))))
                    .as("packages without package-info.java")
                    .isEmpty();
        }
    }
}
