package org.outguard.headless.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forms of many providers, one mail each, with what is right. A new form is an entry here and, where need be, a line of a table. */
class ComplaintFormsTest {

    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    /**
     * A mail.
     *
     * @param rows as {@link ComplaintCasesTest#text}
     */
    record Form(String name, Kind kind, String mail, String... rows) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Form> forms() {
        return Stream.of(
                new Form(
                        "netfilter's LOG lines, the zone by a city",
                        Kind.NETSCAN,
                        """
                        Subject: port scan from 198.51.100.7
                        Date: Tue, 10 Mar 2026 09:00:00 +0000

                        Log times are local time in Vienna.

                        Mar 10 08:14:02 gw kernel: [88123.1] DROP IN=eth0 OUT= MAC=00:00:5e:00:53:01:00:00:5e:00:53:02:08:00 SRC=198.51.100.7 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=54 ID=1 DF PROTO=TCP SPT=51514 DPT=23 WINDOW=29200 RES=0x00 SYN URGP=0
                        Mar 10 08:14:03 gw kernel: [88124.1] DROP IN=eth0 OUT= MAC=00:00:5e:00:53:01:00:00:5e:00:53:02:08:00 SRC=198.51.100.7 DST=203.0.113.10 LEN=60 TOS=0x00 PREC=0x00 TTL=54 ID=2 DF PROTO=TCP SPT=51514 DPT=23 WINDOW=29200 RES=0x00 SYN URGP=0
                        """,
                        "2026-03-10T07:14:02Z 198.51.100.7 51514 203.0.113.9 23 tcp",
                        "2026-03-10T07:14:03Z 198.51.100.7 51514 203.0.113.10 23 tcp"),
                new Form(
                        "pf's tcpdump lines without a year, old flags",
                        Kind.NETSCAN,
                        """
                        Subject: 198.51.100.8 probes our hosts
                        Date: Fri, 02 Jan 2026 10:00:00 -0300

                        # all times are GMT-00:00
                        Dec 31 23:52:49.317593 rule 4/0(match): block in on em0: 198.51.100.8.55531 > 203.0.113.124.445: S 1129188617:1129188617(0) win 5840 <mss 1460,sackOK> (DF)
                        Jan 01 14:15:41.585370 rule 4/0(match): block in on em0: 198.51.100.8.57371 > 203.0.113.45.445: S 601150513:601150513(0) win 5840 (DF)
                        """,
                        "2025-12-31T23:52:49.317593Z 198.51.100.8 55531 203.0.113.124 445 tcp",
                        "2026-01-01T14:15:41.585370Z 198.51.100.8 57371 203.0.113.45 445 tcp"),
                new Form(
                        "pfSense's filterlog",
                        Kind.NETSCAN,
                        """
                        Subject: Scan
                        Date: Thu, 05 Feb 2026 08:00:00 +0100

                        Feb  5 07:01:02 fw filterlog[311]: 5,,,1000000103,em0,match,block,in,4,0x0,,54,12345,0,DF,6,tcp,60,198.51.100.9,203.0.113.7,40112,3389,0,S,1,,64240,,mss
                        Feb  5 07:01:03 fw filterlog[311]: 5,,,1000000103,em0,match,block,in,4,0x0,,54,12346,0,DF,6,tcp,60,198.51.100.9,203.0.113.8,40113,3389,0,S,1,,64240,,mss
                        """,
                        "2026-02-05T06:01:02Z 198.51.100.9 40112 203.0.113.7 3389 tcp",
                        "2026-02-05T06:01:03Z 198.51.100.9 40113 203.0.113.8 3389 tcp"),
                new Form(
                        "a web server's access log, whose lines have the zone",
                        Kind.BRUTE_FORCE,
                        """
                        Subject: attacks on wordpress
                        Date: Mon, 01 Jun 2026 12:00:00 +0000

                        198.51.100.11 - - [01/Jun/2026:13:20:01 +0200] "POST /wp-login.php HTTP/1.1" 200 1234 "-" "Mozilla/5.0 Chrome/124.0.0.0"
                        198.51.100.11 - - [01/Jun/2026:13:20:02 +0200] "POST /wp-login.php HTTP/1.1" 200 1234 "-" "Mozilla/5.0 Chrome/124.0.0.0"
                        """,
                        "2026-06-01T11:20:01Z 198.51.100.11 null null null tcp",
                        "2026-06-01T11:20:02Z 198.51.100.11 null null null tcp"),
                new Form(
                        "Postfix: the failed logins, and not the connections",
                        Kind.BRUTE_FORCE,
                        """
                        Subject: smtp login attack
                        Date: Sat, 04 Jul 2026 12:00:00 +0200

                        Jul  4 11:00:01 mx postfix/submission/smtpd[700]: connect from unknown[198.51.100.12]
                        Jul  4 11:00:03 mx postfix/submission/smtpd[700]: warning: unknown[198.51.100.12]: SASL LOGIN authentication failed: authentication failure
                        Jul  4 11:00:04 mx postfix/submission/smtpd[700]: disconnect from unknown[198.51.100.12] ehlo=1 auth=0/1 quit=1 commands=2/3
                        """,
                        "2026-07-04T09:00:03Z 198.51.100.12 null null 587 tcp"),
                new Form(
                        "Dovecot's lines name both ends",
                        Kind.BRUTE_FORCE,
                        """
                        Subject: imap
                        Date: Sat, 04 Jul 2026 12:00:00 +0200

                        Jul  4 11:00:01 mx dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<info>, method=PLAIN, rip=198.51.100.12, lip=203.0.113.25, session=<x>
                        """,
                        "2026-07-04T09:00:01Z 198.51.100.12 null 203.0.113.25 143 tcp"),
                new Form(
                        "comma CSV with another order, a service and times of the US",
                        Kind.NETSCAN,
                        """
                        Subject: scanning
                        Date: Wed, 01 Apr 2026 10:00:00 -0700

                        Date,Time (PDT),Destination IP,Destination Port,Source IP,Source Port,Protocol
                        03/31/2026,11:59:58 PM,203.0.113.20,22,198.51.100.13,50001,6
                        04/01/2026,12:00:01 AM,203.0.113.21,22,198.51.100.13,50002,6
                        04/01/2026,12:00:02 AM,203.0.113.22,22,198.51.100.13,50003,6
                        """,
                        "2026-04-01T06:59:58Z 198.51.100.13 50001 203.0.113.20 22 tcp",
                        "2026-04-01T07:00:01Z 198.51.100.13 50002 203.0.113.21 22 tcp",
                        "2026-04-01T07:00:02Z 198.51.100.13 50003 203.0.113.22 22 tcp"),
                new Form(
                        "bars with a head that begins with 'Format:', a resolver",
                        Kind.REFLECTOR,
                        """
                        Subject: Open DNS resolvers in AS64500
                        Date: Wed, 01 Apr 2026 10:00:00 +0200

                        The servers below answer recursive queries of anybody and are used for amplification.

                        Format: ASN | IP | Timestamp (UTC) | Port | Protocol
                        64500 | 198.51.100.14 | 2026-03-31 04:05:06 | 53 | udp
                        64500 | 2001:db8::14 | 2026-03-31 04:05:07 | 53 | udp
                        """,
                        "2026-03-31T04:05:06Z 198.51.100.14 53 null null udp",
                        "2026-03-31T04:05:07Z 2001:db8::14 53 null null udp"),
                new Form(
                        "Shadowserver's columns, quoted",
                        Kind.REFLECTOR,
                        """
                        Subject: Shadowserver Example Report: open memcached
                        Date: Thu, 02 Apr 2026 10:00:00 -0800

                        "timestamp","severity","ip","protocol","port","hostname","tag","asn"
                        "2026-04-01 03:00:00","critical","198.51.100.15","udp","11211","a, b","memcached","64500"
                        """,
                        "2026-04-01T03:00:00Z 198.51.100.15 11211 null null udp"),
                new Form(
                        "named values, one a line, and an abbreviation with two meanings",
                        Kind.DDOS,
                        """
                        Subject: DDoS report
                        Date: Fri, 03 Apr 2026 10:00:00 +0800

                        Attack type: UDP flood
                        Source IP: 198.51.100.16
                        Source port: 44444
                        Destination IP: 203.0.113.30
                        Destination port: 27015
                        Protocol: UDP
                        Start time: 2026-04-03 08:00:00 CST
                        """,
                        "2026-04-03T00:00:00Z 198.51.100.16 44444 203.0.113.30 27015 udp"),
                new Form(
                        "epoch seconds in a tab-separated table",
                        Kind.DDOS,
                        """
                        Subject: flood
                        Date: Sat, 04 Apr 2026 10:00:00 +0000

                        ts\tsrc\tsport\tdst\tdport\tproto
                        1775260800.5\t198.51.100.17\t1024\t203.0.113.31\t80\tudp
                        1775260801\t198.51.100.17\t1025\t203.0.113.31\t80\tudp
                        """,
                        "2026-04-04T00:00:00.500Z 198.51.100.17 1024 203.0.113.31 80 udp",
                        "2026-04-04T00:00:01Z 198.51.100.17 1025 203.0.113.31 80 udp"),
                new Form(
                        "tcpdump -tt and IPv6",
                        Kind.DDOS,
                        """
                        Subject: DoS from 2001:db8::17
                        Date: Sat, 04 Apr 2026 10:00:00 +0000

                        1775260800.500000 IP6 2001:db8::17.41822 > 2001:db8:1::53.443: UDP, length 1200
                        1775260800.600000 IP6 2001:db8::17.41822 > 2001:db8:1::53.443: UDP, length 1200
                        """,
                        "2026-04-04T00:00:00.500Z 2001:db8::17 41822 2001:db8:1::53 443 udp",
                        "2026-04-04T00:00:00.600Z 2001:db8::17 41822 2001:db8:1::53 443 udp"),
                new Form(
                        "tcpdump -v, whose second line has the addresses, and names of ports",
                        Kind.REFLECTOR,
                        """
                        Subject: NTP amplification
                        Date: Sat, 04 Apr 2026 10:00:00 +0200

                        All times CEST.
                        2026-04-04 09:10:11.000001 IP (tos 0x0, ttl 54, id 0, offset 0, flags [DF], proto UDP (17), length 468)
                            198.51.100.18.ntp > 203.0.113.44.31337: NTPv2, Reserved, length 440
                        2026-04-04 09:10:11.000002 IP (tos 0x0, ttl 54, id 0, offset 0, flags [DF], proto UDP (17), length 468)
                            198.51.100.18.ntp > 203.0.113.44.31337: NTPv2, Reserved, length 440
                        """,
                        "2026-04-04T07:10:11.000001Z 198.51.100.18 123 203.0.113.44 31337 udp",
                        "2026-04-04T07:10:11.000002Z 198.51.100.18 123 203.0.113.44 31337 udp"),
                new Form(
                        "a Cisco ASA's and a router's access list",
                        Kind.NETSCAN,
                        """
                        Subject: scan
                        Date: Sun, 05 Apr 2026 10:00:00 +0000

                        Apr  5 2026 09:00:00 UTC: %ASA-4-106023: Deny tcp src outside:198.51.100.19/51000 dst inside:203.0.113.5/22 by access-group "in"
                        Apr  5 2026 09:00:01 UTC: %SEC-6-IPACCESSLOGP: list 101 denied tcp 198.51.100.19(51001) -> 203.0.113.6(23), 1 packet
                        Apr  5 2026 09:00:02 UTC: RT_FLOW: session denied 198.51.100.19/51002->203.0.113.7/8080 junos-http 6(0)
                        """,
                        "2026-04-05T09:00:00Z 198.51.100.19 51000 203.0.113.5 22 tcp",
                        "2026-04-05T09:00:01Z 198.51.100.19 51001 203.0.113.6 23 tcp",
                        "2026-04-05T09:00:02Z 198.51.100.19 51002 203.0.113.7 8080 null"),
                new Form(
                        "a firewall's named values in one line, with date, time and zone apart",
                        Kind.NETSCAN,
                        """
                        Subject: Scanning
                        Date: Mon, 06 Apr 2026 10:00:00 +0000

                        date=2026-04-06 time=06:47:51 tz="-0300" devname="fw" srcip=198.51.100.20 srcport=61953 srccountry="Example" dstip=203.0.113.8 dstport=8291 proto=6 action="deny"
                        """,
                        "2026-04-06T09:47:51Z 198.51.100.20 61953 203.0.113.8 8291 tcp"),
                new Form(
                        "fail2ban's own log: what it found, and not what it banned",
                        Kind.BRUTE_FORCE,
                        """
                        Subject: ssh
                        Date: Tue, 07 Apr 2026 10:00:00 +0200

                        2026-04-07 09:30:00,123 fail2ban.filter [900]: INFO [sshd] Found 198.51.100.21 - 2026-04-07 09:30:00
                        2026-04-07 09:30:04,456 fail2ban.filter [900]: INFO [sshd] Found 198.51.100.21 - 2026-04-07 09:30:04
                        2026-04-07 09:30:04,789 fail2ban.actions [900]: NOTICE [sshd] Ban 198.51.100.21
                        """,
                        "2026-04-07T07:30:00.123Z 198.51.100.21 null null 22 tcp",
                        "2026-04-07T07:30:04.456Z 198.51.100.21 null null 22 tcp"),
                new Form(
                        "a sentence with the date behind the time, an ordinal and a zone in words",
                        Kind.DDOS,
                        """
                        Subject: denial of service attack
                        Date: Wed, 08 Apr 2026 22:00:00 +0000

                        Between 4:05 PM and 4:20 PM on the 8th of April 2026 (Eastern Time) your
                        server 198.51.100.22 flooded our host 203.0.113.50 at UDP port 53.
                        """,
                        "2026-04-08T20:05:00Z 198.51.100.22 null 203.0.113.50 53 udp"),
                new Form(
                        "German months and words, semicolons",
                        Kind.NETSCAN,
                        """
                        Subject: Portscan
                        Date: Thu, 09 Apr 2026 10:00:00 +0200

                        Alle Zeiten in MESZ.

                        Zeitpunkt;Quelle;Quellport;Ziel;Zielport;Protokoll
                        9. April 2026 08:00:01;198.51.100.23;40000;203.0.113.60;21;TCP
                        """,
                        "2026-04-09T06:00:01Z 198.51.100.23 40000 203.0.113.60 21 tcp"),
                new Form(
                        "the sender first names who was hit, and an arrow points back",
                        Kind.DDOS,
                        """
                        Subject: flood from your network
                        Date: Fri, 10 Apr 2026 10:00:00 +0000

                        2026-04-10T09:00:00Z 203.0.113.70:80 <- 198.51.100.24:4000 UDP 1400
                        2026-04-10T09:00:01Z 203.0.113.70:80 <- 198.51.100.24:4001 UDP 1400
                        """,
                        "2026-04-10T09:00:00Z 198.51.100.24 4000 203.0.113.70 80 udp",
                        "2026-04-10T09:00:01Z 198.51.100.24 4001 203.0.113.70 80 udp"),
                new Form(
                        "XARF 3 in JSON",
                        Kind.NETSCAN,
                        """
                        Subject: abuse report
                        Date: Sat, 11 Apr 2026 10:00:00 +0000
                        MIME-Version: 1.0
                        Content-Type: multipart/mixed; boundary=b

                        --b
                        Content-Type: text/plain

                        See the report.
                        --b
                        Content-Type: application/json; name=xarf.json

                        {"Version": "3", "ReporterInfo": {"ReporterOrg": "Example"}, "Report": {"ReportClass": "Activity",
                         "ReportType": "PortScan", "Date": "2026-04-11T08:00:00+02:00", "SourceIp": "198.51.100.25",
                         "SourcePort": 5555, "DestinationIp": "203.0.113.80", "DestinationPort": 445, "Protocol": "tcp"}}
                        --b--
                        """,
                        "2026-04-11T06:00:00Z 198.51.100.25 5555 203.0.113.80 445 tcp"),
                new Form(
                        "fields in Italian",
                        Kind.NETSCAN,
                        """
                        Subject: Segnalazione di abuso: scansione di porte
                        Date: Tue, 12 May 2026 10:00:00 +0200

                        Data e ora: 2026-05-12 07:15:20 UTC
                        Indirizzo IP sorgente: 198.51.100.31
                        Porta di origine: 51234
                        Indirizzo IP di destinazione: 203.0.113.90
                        Porta di destinazione: 3389
                        Protocollo: TCP
                        """,
                        "2026-05-12T07:15:20Z 198.51.100.31 51234 203.0.113.90 3389 tcp"),
                new Form(
                        "fields in French",
                        Kind.NETSCAN,
                        """
                        Subject: Signalement d'abus: scan de ports
                        Date: Tue, 12 May 2026 10:00:00 +0200

                        Date et heure : 2026-05-12 07:15:21 UTC
                        Adresse IP source : 198.51.100.32
                        Port source : 51235
                        Adresse IP de destination : 203.0.113.91
                        Port de destination : 22
                        Protocole : tcp
                        """,
                        "2026-05-12T07:15:21Z 198.51.100.32 51235 203.0.113.91 22 tcp"),
                new Form(
                        "fields in Spanish",
                        Kind.NETSCAN,
                        """
                        Subject: Aviso de abuso: escaneo de puertos (port scan)
                        Date: Tue, 12 May 2026 10:00:00 +0200

                        Fecha y hora: 2026-05-12 07:15:22 UTC
                        IP de origen: 198.51.100.33
                        Puerto de origen: 51236
                        IP de destino: 203.0.113.92
                        Puerto de destino: 445
                        Protocolo: TCP
                        """,
                        "2026-05-12T07:15:22Z 198.51.100.33 51236 203.0.113.92 445 tcp"),
                new Form(
                        "fields in Portuguese",
                        Kind.NETSCAN,
                        """
                        Subject: Abuso: varredura de portas (port scan)
                        Date: Tue, 12 May 2026 10:00:00 +0200

                        Data/Hora: 2026-05-12 07:15:23 UTC
                        IP de origem: 198.51.100.34
                        Porta de origem: 51237
                        IP de destino: 203.0.113.93
                        Porta de destino: 23
                        Protocolo: TCP
                        """,
                        "2026-05-12T07:15:23Z 198.51.100.34 51237 203.0.113.93 23 tcp"),
                new Form(
                        "a table under a header without an empty line",
                        Kind.NETSCAN,
                        """
                        Subject: port scan from your network
                        Date: Tue, 12 May 2026 10:00:00 +0200
                        timestamp,src_ip,src_port,dst_ip,dst_port,proto
                        2026-05-12T07:15:24Z,198.51.100.35,51238,203.0.113.94,23,tcp
                        2026-05-12T07:15:25Z,198.51.100.35,51239,203.0.113.95,23,tcp
                        """,
                        "2026-05-12T07:15:24Z 198.51.100.35 51238 203.0.113.94 23 tcp",
                        "2026-05-12T07:15:25Z 198.51.100.35 51239 203.0.113.95 23 tcp"),
                new Form(
                        "log lines under a header without an empty line",
                        Kind.BRUTE_FORCE,
                        """
                        From: abuse@example.net
                        Subject: ssh brute force
                        Date: Tue, 12 May 2026 10:00:00 +0000
                        May 12 09:15:26 host sshd[811]: Failed password for root from 198.51.100.36 port 51240 ssh2
                        May 12 09:15:28 host sshd[811]: Failed password for root from 198.51.100.36 port 51241 ssh2
                        """,
                        "2026-05-12T09:15:26Z 198.51.100.36 51240 null 22 tcp",
                        "2026-05-12T09:15:28Z 198.51.100.36 51241 null 22 tcp"),
                new Form(
                        "inside and outside, without a table",
                        Kind.DDOS,
                        """
                        Subject: [Abuse] Attack from your server 198.51.100.40
                        From: abuse@hoster.example
                        Date: Tue, 12 May 2026 10:00:00 +0200

                        Dear customer,
                        our system has detected an outgoing attack from your server.

                        Direction OUT
                        Internal 198.51.100.40
                        Threshold Packets 300,000 packets/300s
                        Sum 51,900,000 packets/300s (173,000 packets/s), 300 flows/300s, 1.505 GByte/300s
                        External 203.0.113.80, 51,900,000 packets/300s

                        Time 2026-05-12 07:15:20 UTC
                        """,
                        "2026-05-12T07:15:20Z 198.51.100.40 null 203.0.113.80 null null"),
                new Form(
                        "a sentence in Italian with both ports",
                        Kind.NETSCAN,
                        """
                        Subject: Segnalazione abuso
                        From: abuse@hoster.example
                        Date: Tue, 12 May 2026 10:00:00 +0200

                        Gentile cliente, il 12/05/2026 alle 07:15:20 UTC dal vostro indirizzo 198.51.100.41 porta 51234 e' stata rilevata una scansione verso 203.0.113.90 porta 3389 (TCP).
                        """,
                        "2026-05-12T07:15:20Z 198.51.100.41 51234 203.0.113.90 3389 tcp"),
                new Form(
                        "fields that say inside and outside",
                        Kind.DDOS,
                        """
                        Subject: Ihr Server 198.51.100.43
                        Date: Tue, 12 May 2026 10:00:00 +0200

                        Intern: 198.51.100.43
                        Extern: 203.0.113.77
                        Zielport: 53
                        Protokoll: UDP
                        Zeit: 12.05.2026 09:15:20
                        """,
                        "2026-05-12T07:15:20Z 198.51.100.43 null 203.0.113.77 53 udp"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void isRead(Form form) {
        Complaint read = ComplaintReader.read(form.mail.getBytes(StandardCharsets.UTF_8), address -> false, NOW);
        assertThat(read.rows().stream().map(ComplaintCasesTest::text))
                .as(read.zone())
                .containsExactlyElementsOf(List.of(form.rows));
        assertThat(read.kind()).isEqualTo(form.kind);
    }
}
