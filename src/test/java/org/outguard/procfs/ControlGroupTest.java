package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ControlGroupTest {

    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void aServiceOfTheUnifiedHierarchy() {
        is("0::/system.slice/postfix@-.service\n", "/system.slice/postfix@-.service", "postfix@-.service", "");
    }

    @Test
    void theInnermostUnitCounts() {
        is(
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-x.scope",
                "/user.slice/user-1000.slice/user@1000.service/app.slice/run-x.scope",
                "run-x.scope",
                "");
    }

    @Test
    void aHybridMachineHasThePathInBoth() {
        is(
                "12:pids:/system.slice/cron.service\n1:name=systemd:/system.slice/cron.service\n0::/system.slice/cron.service\n",
                "/system.slice/cron.service",
                "cron.service",
                "");
    }

    @Test
    void theDeepestPathOfTheOldHierarchiesCountsWhereTheNewOneHasNone() {
        is("3:cpu,cpuacct:/a\n2:pids:/a/b.service\n0::/\n", "/a/b.service", "b.service", "");
    }

    @Test
    void containersOfEachKind() {
        is(
                "0::/system.slice/docker-" + ID + ".scope",
                "/system.slice/docker-" + ID + ".scope",
                "docker-" + ID + ".scope",
                ID);
        container("4:memory:/docker/" + ID, ID);
        container("0::/machine.slice/libpod-" + ID + ".scope/container", ID);
        container("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + ID + ".scope", ID);
        container("0::/kubepods-besteffort-pod1.slice:cri-containerd:" + ID, ID);
        container("0::/lxc.payload.mail1/system.slice", "mail1");
        container("5:pids:/lxc/web2", "web2");
        container("0::/system.slice/" + ID.substring(1) + ".scope", "");
    }

    @Test
    void otherLinesCountForNothing() {
        is("", "", "", "");
        is("nonsense\n0\n::\n0::relative\n", "", "", "");
    }

    private static void is(String text, String path, String unit, String container) {
        assertThat(ControlGroup.parse(text)).isEqualTo(new ControlGroup(path, unit, container));
    }

    private static void container(String text, String id) {
        assertThat(ControlGroup.parse(text).container()).isEqualTo(id);
    }
}
