package org.outguard.tui.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.text.SafeText;

/** Senders under the processes that started them, as pstree(1) and htop(1) draw it. */
final class SenderTree {

    private static final Comparator<ProcessId> BY_NUMBER =
            Comparator.comparingInt(ProcessId::pid).thenComparingLong(ProcessId::startTicks);

    private SenderTree() {}

    private static final class Node {
        private final ProcessId process;
        private String command = "";
        private final List<SenderRow.Packets> senders = new ArrayList<>();
        private final Map<ProcessId, Node> children = new TreeMap<>(BY_NUMBER);

        Node(ProcessId process) {
            this.process = process;
        }

        Node child(ProcessId id, String name) {
            Node child = children.computeIfAbsent(id, Node::new);
            child.command = SafeText.clean(name);
            return child;
        }
    }

    /** The rows in the order of the tree, with the processes above them; what has no process comes behind. */
    static List<SenderRow> of(List<SenderRow> rows) {
        Node root = new Node(new ProcessId(0, 0));
        List<SenderRow> others = new ArrayList<>();
        for (SenderRow row : rows) {
            Optional<Owner> owner = row.owner();
            if (owner.isEmpty() || !(row instanceof SenderRow.Packets packets)) {
                others.add(row);
                continue;
            }
            Node at = root;
            List<Owner.Ancestor> parents = owner.get().parents();
            for (int i = parents.size() - 1; i >= 0; i--) {
                at = at.child(parents.get(i).id(), parents.get(i).command());
            }
            at.child(owner.get().id(), owner.get().command()).senders.add(packets);
        }
        List<SenderRow> tree = new ArrayList<>();
        root.children.values().forEach(top -> add(tree, top, "", ""));
        tree.addAll(others);
        return tree;
    }

    private static void add(List<SenderRow> tree, Node node, String branch, String below) {
        if (node.senders.isEmpty()) {
            tree.add(new SenderRow.Parent(node.process, node.command, branch));
        }
        node.senders.forEach(row -> tree.add(new SenderRow.Packets(row.talker(), branch)));
        List<Node> children = List.copyOf(node.children.values());
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            add(tree, children.get(i), below + (last ? "└ " : "├ "), below + (last ? "  " : "│ "));
        }
    }
}
