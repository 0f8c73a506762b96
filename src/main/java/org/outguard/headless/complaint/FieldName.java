package org.outguard.headless.complaint;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a column, a key of a log line or a line of a report means, by its name. Names differ between providers; {@link #TABLE}
 * has their forms, and a new one is a line there.
 */
enum FieldName {
    TIME,
    /** A date alone, with {@link #CLOCK} beside it. */
    DATE,
    CLOCK,
    ZONE,
    SOURCE,
    SOURCE_PORT,
    DESTINATION,
    DESTINATION_PORT,
    /** A port whose end is told by what stands before it. */
    PORT,
    PROTOCOL,
    SERVICE,
    /** A line of a log within a column. */
    LOG;

    private record Meaning(Pattern names, FieldName field) {}

    private static Meaning is(String names, FieldName field) {
        return new Meaning(Pattern.compile(names), field);
    }

    private static final String OURS =
            "(?:src|source|sourceserver|attack(?:er|ing)s?|offend(?:er|ing)|abus(?:er|ive|ing)|infected|infectedserver|bot|proxydriver|driver|client|remote|origin(?:ating)?|reported|suspicious|malicious|scanner|scanning|hostile|from|peer|zdrojova|quell?e?|quell|origen|r|ipsrc|ipv[46]src|ipv[46]source|compromised|implicated|your|involved|internal|intern)";
    private static final String THEIRS =
            "(?:dst|dest|destination|(?:attack)?target(?:ed)?(?:server)?|victim|attacked|local|honeypot|sensor|ipdst|ipv[46]dst|ipv[46]destination|to|l|ziel|destino|our|affected|external|extern)";

    /* Romance languages name the noun first: "Porta di destinazione", "Adresse IP source", "Puerto de origen". */
    private static final String NOUN_ADDRESS =
            "(?:indirizzo|adresse|direcci(?:o)?n)?(?:ip)?(?:d(?:[aeio]|el|al|ella)?)?";
    private static final String NOUN_PORT = "(?:porta|porto|port|puerto)(?:tcp|udp)?(?:d(?:[aeio]|el|al|ella)?)?";
    private static final String LATIN_SOURCE = "(?:sorgente|origine|origen|origem|source)";
    private static final String LATIN_DESTINATION = "(?:destinazione|destino|destination)";

    /* By the name in lower case without anything but letters and digits; the first that fits is meant. */
    private static final List<Meaning> TABLE = List.of(
            is("(?:tz|timezone|zone|zeitzone|timeoffset)", ZONE),
            is(NOUN_PORT + LATIN_SOURCE, SOURCE_PORT),
            is(NOUN_PORT + LATIN_DESTINATION, DESTINATION_PORT),
            is(NOUN_ADDRESS + LATIN_SOURCE, SOURCE),
            is(NOUN_ADDRESS + LATIN_DESTINATION, DESTINATION),
            is(
                    "(?:s|src|source|srcp|sourcep|client|attacker|c|remote|r|udpsrc|tcpsrc|udpsource|tcpsource|l4src|ipv4src)(?:tcp|udp|l4)?(?:port|pt|prt)s?",
                    SOURCE_PORT),
            is(OURS + "(?:ip|addr|address|host)?(?:tcp|udp)?ports?", SOURCE_PORT),
            is("(?:sp|spt|sprt|srcpt)", SOURCE_PORT),
            is(
                    "(?:d|dst|dest|destination|target|victim|server|local|l|udpdst|tcpdst|udpdest|tcpdest|l4dst|ipdst|honeypot)(?:tcp|udp|l4)?(?:port|pt|prt|service)s?",
                    DESTINATION_PORT),
            is(THEIRS + "(?:ip|addr|address|host)?(?:tcp|udp)?ports?", DESTINATION_PORT),
            is(
                    "(?:dp|dpt|dprt|dstpt|ccport|portscanned|attackedports?|scannedports?|targetports?|ports?scanned)",
                    DESTINATION_PORT),
            is("(?:port|ports|portnumber|portno|puerto|porta)", PORT),
            is(
                    "(?:proto|protocol|protokoll|protocolo|protocollo|protocole|pr|prot|l4proto|transport|ipproto|ipprotocol|transportprotocol|trans|protocolnumber|protocols)",
                    PROTOCOL),
            is("(?:service|services|app|application|dienst|jail|daemon)", SERVICE),
            is(
                    OURS
                            + "(?:ip|ipv4|ipv6|addr|address|host|hostname|machine|server|device|ipaddr|ipaddress|ipaddresses|ips|ipv4address|ipv6address|node)?(?:es|s)?(?:port)?",
                    SOURCE),
            is(
                    "(?:sa|saddr|srcaddr|sip|cip|rip|rhost|raddr|remoteaddr|xforwardedfor|sourceips?|iphost|ip|ips|ipaddr|ipaddress|ipaddresses|ipv4|ipv6|address|addr|host|hostip|hostorip|hostnameorip|ipnumber|adresseip|direccionip|ipadresse|hostaddress|asnip|ipoftheattacker|offendingaddress|attackerip|attackingip|sourceipaddresses?|implicatedipaddresses|sourceaddressport|srcipsrcport)",
                    SOURCE),
            is(
                    THEIRS
                            + "(?:ip|ipv4|ipv6|addr|address|host|hostname|machine|server|device|ipaddr|ipaddress|ipaddresses|ips|ipv4address|ipv6address|node|url)?(?:es|s)?(?:port)?",
                    DESTINATION),
            is(
                    "(?:da|daddr|dstaddr|dip|ccip|lip|lhost|laddr|serverip|srvip|sinkholeip|dstipdstport|destinationaddressport)",
                    DESTINATION),
            is("(?:uhrzeit|clock|timeofday|hora|heure)", CLOCK),
            is("(?:date|datum|day|fecha|data)", DATE),
            is(
                    "(?:time|timestamps?|datetime|dataora|dataeora|fechahora|fechayhora|dateheure|dateetheure|dateandtime|eventtime|eventdate|eventtimestamp|logtime|attacktime|abusetime|attacktimestamp|incidenttime|incidentdate|starttime|start|startdate|begintime|begin|first|firstseen|datefirstseen|lastseen|last|seen|seentime|when|ts|tstart|stime|rt|itime|reportedat|detectedat|detected|detectiontime|timedetected|detectedon|detecttime|observedat|observed|observationtime|occurred|occurredat|zeit|zeitstempel|zeitpunkt|startzeit|starttimestamp|timeofattack|timeofincident|timestampoftheincident|timeofevent|attackdate|dateofattack|utctime|utctimestamp|timeutc|timestamputc|lastattack|firstattack|attackstart|attackstarttime|loggedat|createdat|localtime|unixtime|epoch|epochtime|casdetekce|(?:approx(?:imate)?|attack|event|log|incident|local|server|first|last|start|end)*time(?:range|stamp|s)?|arrivaldate|receiveddate|datedetected|attackstarted|incidentstarttime)",
                    TIME),
            is(
                    "(?:log|logs|logline|logentry|logentries|message|msg|comment|evidence|raw|rawlog|payload|logextract)",
                    LOG));

    /** The meaning of a name; empty where it has none. */
    static Optional<FieldName> of(String name) {
        String plain = name.replaceAll("\\([^)]*\\)|\\[[^]]*]", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]", "")
                .replaceAll("(?<=[a-z]{3})(?:utc|gmt)$", "");
        if (plain.isEmpty() || plain.length() > 32) {
            return Optional.empty();
        }
        return TABLE.stream()
                .filter(meaning -> meaning.names.matcher(plain).matches())
                .map(Meaning::field)
                .findFirst();
    }
}
