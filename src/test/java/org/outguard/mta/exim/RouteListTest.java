package org.outguard.mta.exim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Hosts that Exim's routers name. */
class RouteListTest {

    @Test
    void hostsOfRoutesWithoutWhatIsExpanded() {
        assertThat(RouteList.hosts("""
                smarthost router:
                driver = manualroute
                route_list = * smart.example.org::587 byname
                route_list = *.example.net 192.0.2.1:backup.example.org; * $domain
                route_list =\s
                """)).containsExactly("smart.example.org", "192.0.2.1", "backup.example.org");
    }
}
