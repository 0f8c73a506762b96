package org.outguard;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.outguard.guard.port.ReadsForeign;

/**
 * Who may know whom, as rules over a tree of packages with one package of the house directly under {@code base} each.
 *
 * @param base {@code org.outguard}, or a planted tree that shows that the rules bite
 */
record HouseRules(String base) {

    /**
     * A row of the table.
     *
     * @param name the package under the base, with all its sub-packages
     * @param mayUse other packages that it may know
     * @param libraries packages of libraries that it may know, beside the JDK's and JSpecify's
     */
    record HousePackage(String name, Set<String> mayUse, Set<String> libraries) {}

    private static final String CAFFEINE = "com.github.benmanes.caffeine..";
    private static final String JACKSON = "com.fasterxml.jackson..";
    private static final String JAKARTA_MAIL = "jakarta.mail..";
    private static final String JDK_NET = "jdk.net..";
    private static final String JLINE = "org.jline..";
    private static final String JNA = "com.sun.jna..";
    private static final String LANTERNA = "com.googlecode.lanterna..";
    private static final String MAXMIND = "com.maxmind.db..";
    private static final String MIME4J = "org.apache.james.mime4j..";
    private static final String PCAP4J = "org.pcap4j..";
    private static final String PICOCLI = "picocli..";
    private static final String PROMETHEUS = "io.prometheus.metrics..";
    private static final String SQLITE = "org.sqlite..";
    private static final String TOMLJ = "org.tomlj..";

    private static final Set<String> FRONT_END_USES = Set.of("flow", "owner", "mail", "guard", "text");

    /** Every package but app, which may know them all. */
    private static final List<HousePackage> INNER_ROOMS = List.of(
            new HousePackage("flow", Set.of(), Set.of()),
            new HousePackage("owner", Set.of(), Set.of()),
            new HousePackage("mail", Set.of(), Set.of()),
            new HousePackage("guard", Set.of("flow", "owner", "mail"), Set.of()),
            new HousePackage("exec", Set.of(), Set.of()),
            new HousePackage("capture", Set.of("flow", "guard"), Set.of(PCAP4J, JNA, CAFFEINE)),
            new HousePackage("kernel", Set.of("flow", "owner", "guard"), Set.of(CAFFEINE)),
            new HousePackage("procfs", Set.of("owner", "guard"), Set.of(CAFFEINE, JACKSON)),
            new HousePackage("nft", Set.of("flow", "owner", "guard", "exec"), Set.of(JACKSON)),
            new HousePackage("mta", Set.of("mail", "guard", "exec"), Set.of(JACKSON)),
            new HousePackage("maillog", Set.of("mail", "guard", "exec"), Set.of(JACKSON, CAFFEINE)),
            new HousePackage("journal", Set.of("guard"), Set.of(JACKSON)),
            new HousePackage("history", Set.of("flow", "owner", "mail", "guard"), Set.of(SQLITE)),
            new HousePackage(
                    "notify", Set.of("flow", "owner", "mail", "guard", "text", "exec"), Set.of(JACKSON, JAKARTA_MAIL)),
            new HousePackage("config", Set.of("guard", "flow", "notify"), Set.of(TOMLJ, JACKSON)),
            new HousePackage("text", Set.of("flow", "owner", "mail", "guard"), Set.of()),
            new HousePackage("tui", FRONT_END_USES, Set.of(LANTERNA)),
            new HousePackage("console", FRONT_END_USES, Set.of(JLINE, PICOCLI)),
            new HousePackage("trace", Set.of("flow", "owner", "guard", "exec", "text", "procfs"), Set.of(JACKSON)),
            new HousePackage("headless", FRONT_END_USES, Set.of(JACKSON, PROMETHEUS, MIME4J)));

    /** Everything. Nobody may use app, since no row names it. */
    static final List<HousePackage> PACKAGES = Stream.concat(
                    INNER_ROOMS.stream(),
                    Stream.of(new HousePackage(
                            "app",
                            Set.copyOf(
                                    INNER_ROOMS.stream().map(HousePackage::name).toList()),
                            Set.of(PICOCLI, CAFFEINE, MAXMIND, JACKSON, JDK_NET))))
            .toList();

    /** All rules, by the name under which a test shows them. */
    Map<String, ArchRule> all() {
        var rules = new LinkedHashMap<String, ArchRule>();
        PACKAGES.forEach(housePackage -> rules.put("package " + housePackage.name(), ofPackage(housePackage.name())));
        rules.put("no other package", noOtherPackage());
        rules.put("the guard's inner packages are its own", guardsInnerPackagesAreItsOwn());
        rules.put("complaints are read by themselves", complaintsAreReadByThemselves());
        rules.put("mails are taken apart in complaint", mailsAreTakenApartInComplaint());
        rules.put("programs are started in exec", programsAreStartedInExec());
        rules.put("threads are made in app", threadsAreMadeInApp());
        rules.put("clocks are made in app", clocksAreMadeInApp());
        rules.put("randomness is made in app", randomnessIsMadeInApp());
        rules.put("readers catch what a parser throws", readersCatchWhatAParserThrows());
        rules.put("files of others are opened through ForeignFiles", filesOfOthersAreOpenedThroughForeignFiles());
        return rules;
    }

    /** One row of the table. */
    ArchRule ofPackage(String name) {
        HousePackage housePackage =
                PACKAGES.stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
        List<String> allowed = new ArrayList<>(List.of("java..", "org.jspecify..", inside(name)));
        housePackage.mayUse().stream().sorted().map(this::inside).forEach(allowed::add);
        housePackage.libraries().stream().sorted().forEach(allowed::add);
        return classes()
                .that()
                .resideInAPackage(inside(name))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .allowEmptyShould(true);
    }

    /** What others write cannot end who reads it. */
    ArchRule readersCatchWhatAParserThrows() {
        return methods()
                .that()
                .areAnnotatedWith(ReadsForeign.class)
                .should(new ArchCondition<JavaMethod>("catch RuntimeException") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        boolean caught = method.getTryCatchBlocks().stream()
                                .flatMap(block -> block.getCaughtThrowables().stream())
                                .anyMatch(thrown -> thrown.isEquivalentTo(RuntimeException.class));
                        events.add(new SimpleConditionEvent(method, caught, method.getFullName()));
                    }
                })
                .allowEmptyShould(true);
    }

    /** A package that no row names has no rule, so it may not be. */
    ArchRule noOtherPackage() {
        return classes()
                .should()
                .resideInAnyPackage(PACKAGES.stream().map(r -> inside(r.name())).toArray(String[]::new))
                .allowEmptyShould(true);
    }

    /** Others import what the guard shows: its actions, observations, ports, policy, snapshots and safety checks. */
    ArchRule guardsInnerPackagesAreItsOwn() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(inside("guard"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        Stream.of("stats", "intake", "reconcile", "contact", "traffic", "detect", "mail", "enforce")
                                .map(name -> inside("guard." + name))
                                .toArray(String[]::new))
                .allowEmptyShould(true);
    }

    /** What reads a stranger's mail knows addresses and text, and neither the guard nor what was recorded. */
    ArchRule complaintsAreReadByThemselves() {
        return classes()
                .that()
                .resideInAPackage(inside("headless.complaint"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        inside("headless.complaint"),
                        inside("flow"),
                        inside("text"),
                        JACKSON,
                        MIME4J)
                .allowEmptyShould(true);
    }

    ArchRule mailsAreTakenApartInComplaint() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(inside("headless.complaint"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(MIME4J)
                .allowEmptyShould(true);
    }

    ArchRule programsAreStartedInExec() {
        return only(
                "exec",
                "start a program",
                target -> isConstructor(target, ProcessBuilder.class)
                        || isMethod(target, ProcessBuilder.class, "start", "startPipeline")
                        || isMethod(target, Runtime.class, "exec"));
    }

    ArchRule threadsAreMadeInApp() {
        return only(
                "app",
                "make a thread",
                target -> isConstructor(target, Thread.class)
                        || isConstructor(target, Timer.class)
                        || isConstructor(target, ExecutorService.class)
                        || target.getOwner().isEquivalentTo(Executors.class)
                        || (target.getOwner().isEquivalentTo(CompletableFuture.class)
                                && target.getName().endsWith("Async")
                                && !takes(target, "java.util.concurrent.Executor"))
                        || target.getName().equals("parallelStream"));
    }

    ArchRule clocksAreMadeInApp() {
        return only(
                "app",
                "ask the time",
                target -> isMethod(target, System.class, "nanoTime", "currentTimeMillis")
                        || (isConstructor(target, Date.class)
                                && parameters(target).isEmpty())
                        || (target.getOwner().getPackageName().startsWith("java.time")
                                && target.getName().equals("now")
                                && !takes(target, "java.time.Clock"))
                        || (target.getOwner().isEquivalentTo(Clock.class)
                                && (target.getName().startsWith("system")
                                        || Set.of("tickMillis", "tickSeconds", "tickMinutes")
                                                .contains(target.getName()))));
    }

    ArchRule randomnessIsMadeInApp() {
        return only(
                "app",
                "draw at random",
                target -> isConstructor(target, Random.class)
                        || isConstructor(target, SplittableRandom.class)
                        || isMethod(target, ThreadLocalRandom.class, "current")
                        || isMethod(target, SecureRandom.class, "getInstance", "getInstanceStrong")
                        || isMethod(target, UUID.class, "randomUUID")
                        || isMethod(target, Math.class, "random")
                        || (isMethod(target, Collections.class, "shuffle") && !takes(target, "java.util.Random")));
    }

    /**
     * Who opens what an attacker may own by its name waits for ever on a pipe, follows a link, or reads what only root may. The
     * exceptions open proc(5), cgroups(7), the folder of evidence that is written, and names in folders that are held.
     */
    ArchRule filesOfOthersAreOpenedThroughForeignFiles() {
        String housePackage = base + ".procfs";
        Set<String> exceptions = Stream.of(
                        "ProcFile", "evidence.RequestMemory", "CgroupFolder", "CgroupMount", "evidence.EvidenceFolder")
                .map(name -> housePackage + "." + name)
                .collect(Collectors.toUnmodifiableSet());
        Predicate<AccessTarget> opens = target -> isMethod(
                        target,
                        Files.class,
                        "newInputStream",
                        "newByteChannel",
                        "newBufferedReader",
                        "readAllBytes",
                        "readAllLines",
                        "readString",
                        "lines",
                        "copy")
                || isMethod(target, FileChannel.class, "open")
                || isConstructor(target, FileInputStream.class)
                || isConstructor(target, RandomAccessFile.class);
        return noClasses()
                .that()
                .resideInAnyPackage(inside("procfs"), inside("trace"))
                .and(describe(
                        "are no exception",
                        type -> !exceptions.contains(type.getName())
                                && !type.getName().equals(base + ".trace.store.HeldFile")))
                .should()
                .accessTargetWhere(
                        describe("which would open a file", (JavaAccess<?> access) -> opens.test(access.getTarget())))
                .as("procfs and trace open the files of others through ForeignFiles")
                .allowEmptyShould(true);
    }

    /* A call or a method reference: what is named is meant, either way. */
    private ArchRule only(String housePackage, String what, Predicate<AccessTarget> target) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(inside(housePackage))
                .should()
                .accessTargetWhere(
                        describe("which would " + what, (JavaAccess<?> access) -> target.test(access.getTarget())))
                .as("only " + housePackage + " may " + what)
                .allowEmptyShould(true);
    }

    private String inside(String housePackage) {
        return base + "." + housePackage + "..";
    }

    private static boolean isConstructor(AccessTarget target, Class<?> type) {
        return target.getName().equals("<init>") && target.getOwner().isAssignableTo(type);
    }

    private static boolean isMethod(AccessTarget target, Class<?> type, String... names) {
        return target.getOwner().isEquivalentTo(type) && List.of(names).contains(target.getName());
    }

    private static boolean takes(AccessTarget target, String parameterType) {
        return parameters(target).contains(parameterType);
    }

    private static List<String> parameters(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget unit
                ? unit.getRawParameterTypes().stream()
                        .map(type -> type.getName())
                        .toList()
                : List.of();
    }
}
