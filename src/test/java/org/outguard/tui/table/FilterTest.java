package org.outguard.tui.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.tui.Scenes;
import org.outguard.tui.view.OffendersView;
import org.outguard.tui.view.SenderRow;
import org.outguard.tui.view.Timeline;

/** The filter language, by the rows that it leaves. */
class FilterTest {

    private final View<SenderRow> view = OffendersView.make(Scenes.TIMES, new Timeline());
    private final List<SenderRow> talkers = SenderRow.of(Scenes.flood());

    private List<String> left(String text) {
        Filter.Reading<SenderRow> reading = Filter.read(text, view.fields());
        assertThat(reading).as(text).isInstanceOf(Filter.Reading.Read.class);
        Filter<SenderRow> filter = ((Filter.Reading.Read<SenderRow>) reading).filter();
        return talkers.stream().filter(filter::fits).map(SenderRow::id).toList();
    }

    private String complaint(String text) {
        Filter.Reading<SenderRow> reading = Filter.read(text, view.fields());
        return reading instanceof Filter.Reading.Wrong<SenderRow> wrong ? wrong.reason() : "";
    }

    @Test
    void nothingTypedLetsAllPass() {
        assertThat(left("")).hasSize(5);
        assertThat(left("   ")).hasSize(5);
    }

    @Test
    void textIsHeldInAnyCaseOrIsTheWhole() {
        assertThat(left("user:WWW")).containsExactly(Scenes.FLOOD, Scenes.SLOW);
        assertThat(left("user=www-data")).containsExactly(Scenes.FLOOD, Scenes.SLOW);
        assertThat(left("user=www")).isEmpty();
        assertThat(left("port:25 verdict:suspect")).containsExactly(Scenes.SLOW);
    }

    @Test
    void numbersAreCompared() {
        assertThat(left("pps>1000")).containsExactly(Scenes.FLOOD);
        assertThat(left("pps>=173k")).containsExactly(Scenes.FLOOD);
        assertThat(left("pps<50")).containsExactly(Scenes.DNS);
        assertThat(left("pid:47990")).containsExactly(Scenes.SLOW);
        assertThat(left("bits>1M pps<1G")).containsExactly(Scenes.FLOOD);
    }

    @Test
    void aWordIsLookedForEverywhereAndQuotesKeepBlanks() {
        assertThat(left("x7.php")).containsExactly(Scenes.FLOOD);
        assertThat(left("\"php8.2 /var\"")).containsExactly(Scenes.FLOOD);
        assertThat(left("!user:www-data !unbound")).hasSize(2);
    }

    @Test
    void aRegularExpressionFindsAndIsTurnedRound() {
        assertThat(left("user~^www-")).containsExactly(Scenes.FLOOD, Scenes.SLOW);
        assertThat(left("~x[0-9]\\.php$")).containsExactly(Scenes.FLOOD);
        assertThat(left("!user~^www- !~^unb")).hasSize(2);
        assertThat(complaint("user~(")).contains("'(' is no regular expression");
    }

    @Test
    void anExpressionThatGoesBackAndForthWithoutEndFindsNothing() {
        assertThat(left("~(([a-z/.]+)+)+,")).isEmpty();
    }

    @Test
    void whatIsWrongIsSaidWithWhatWouldBeRight() {
        assertThat(complaint("usr:www-data")).contains("no field 'usr'", "user", "pps");
        assertThat(complaint("pps>many")).contains("pps is a number", "'many' is none");
        assertThat(complaint("user>3")).contains("user is text", "user:3");
        assertThat(complaint("x".repeat(300))).contains("at most");
    }
}
