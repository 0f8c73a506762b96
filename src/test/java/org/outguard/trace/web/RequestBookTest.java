package org.outguard.trace.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBookTest {

    private static final Instant WRITTEN = Instant.parse("2024-03-05T03:14:08Z");
    private static final WebSite SITE = new WebSite("apache", List.of("shop.example"), "/srv/shop", List.of(), "c");

    private RequestBook book = book("/srv/shop/up/x.php");

    @ParameterizedTest
    @ValueSource(strings = {"/up/x.php", "/up/x.php/info/a.php", "/up/x.php/x.php"})
    void theScriptIsNamedByItsPath(String path) {
        book.add(request("a", 5, "GET", path, 200));
        assertThat(book.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x.php", "/up/x.phps", "/other/up/x.php", "/up/ax.php", "/up/", "/"})
    void anotherPathIsAnotherScript(String path) {
        book.add(request("a", 5, "GET", path, 200));
        assertThat(book.count()).isZero();
    }

    @Test
    void aFolderOfItsNameDoesNotHideIt() {
        book = book("/srv/shop/x.phps/x.php");
        book.add(request("a", 5, "GET", "/x.phps/x.php", 200));
        assertThat(book.count()).isEqualTo(1);
    }

    @Test
    void anIndexIsCalledByItsFolder() {
        book = book("/srv/shop/up/index.php");
        assertThat(book.needles()).contains("up/");
        book.add(request("a", 5, "GET", "/up/", 200));
        book.add(request("a", 6, "GET", "/up/index.php", 200));
        book.add(request("a", 7, "GET", "/up/other/", 200));
        assertThat(book.count()).isEqualTo(2);
    }

    @Test
    void withoutASiteTheEndOfThePathCounts() {
        book = new RequestBook("/home/a/www/up/x.php", Optional.empty(), WRITTEN, WRITTEN, Optional.empty());
        book.add(request("a", 5, "GET", "/up/x.php", 200));
        book.add(request("a", 6, "GET", "/p/x.php", 200));
        assertThat(book.count()).isEqualTo(1);
    }

    @Test
    void theFirstAndTheLastAreToldWhateverTheOrder() {
        book.add(request("b", 50, "POST", "/up/x.php", 200));
        book.add(request("a", 5, "GET", "/up/x.php", 404));
        book.add(request("b", 90, "POST", "/up/x.php", 500));
        book.add(request("b", 70, "POST", "/up/x.php", 200));
        assertThat(book.first().orElseThrow().client()).isEqualTo("a");
        assertThat(book.last().orElseThrow().at()).isEqualTo(WRITTEN.plusSeconds(90));
        assertThat(book.callers()).hasSize(2).first().satisfies(caller -> {
            assertThat(caller.count()).isEqualTo(3);
            assertThat(caller.first()).isEqualTo(WRITTEN.plusSeconds(50));
            assertThat(caller.lastStatus()).isEqualTo(500);
        });
    }

    @Test
    void theClientThatCalledItLaterIsTheWriterNotTheNearestOne() {
        book.add(request("b", 0, "POST", "/wp-comments-post.php", 302));
        book.add(request("a", -3, "POST", "/wp-admin/admin-ajax.php", 200));
        book.add(request("a", 9, "GET", "/up/x.php", 200));
        assertThat(book.writer().orElseThrow().request().client()).isEqualTo("a");
        assertThat(book.writer().orElseThrow().confidence()).isEqualTo("strong");
    }

    @Test
    void whatReadsOrWasFarAwayWroteNothing() {
        book.add(request("a", -1, "GET", "/wp-admin/admin-ajax.php", 200));
        book.add(request("a", -3_600, "POST", "/wp-admin/admin-ajax.php", 200));
        book.add(request("a", 600, "POST", "/wp-admin/admin-ajax.php", 200));
        book.add(request("a", 601, "GET", "/up/x.php", 200));
        assertThat(book.writer()).isEmpty();
    }

    @Test
    void aFloodOfPostsDoesNotCrowdTheWriterOut() {
        for (int i = 0; i < 5_000; i++) {
            book.add(request("10.0.0." + i, -500, "POST", "/wp-login.php", 403));
        }
        book.add(request("a", -1, "POST", "/wp-admin/async-upload.php", 200));
        book.add(request("a", 9, "GET", "/up/x.php", 200));
        assertThat(book.writer().orElseThrow().request().path()).isEqualTo("/wp-admin/async-upload.php");
    }

    @Test
    void whatWasCalledBeforeItsInodeChangedWasThereAlready() {
        Instant changed = WRITTEN.plusSeconds(86_400);
        book = new RequestBook("/srv/shop/up/x.php", Optional.of(SITE), WRITTEN, changed, Optional.empty());
        assertThat(book.written()).isEqualTo(changed);
        book.add(request("a", 9, "GET", "/up/x.php", 404));
        assertThat(book.written()).isEqualTo(changed);
        book.add(request("a", 10, "GET", "/up/x.php", 200));
        assertThat(book.written()).isEqualTo(WRITTEN);
    }

    @Test
    void theRequestThatItWasAtWorkForIsTheNearest() {
        Instant at = WRITTEN.plusSeconds(1_000);
        book = new RequestBook("/srv/shop/up/x.php", Optional.of(SITE), WRITTEN, WRITTEN, Optional.of(at));
        book.add(request("a", 500, "POST", "/up/x.php", 200));
        book.add(request("b", 995, "POST", "/up/x.php", 200));
        book.add(request("c", 1_100, "POST", "/up/x.php", 200));
        assertThat(book.ran().orElseThrow().client()).isEqualTo("b");
    }

    private static RequestBook book(String script) {
        return new RequestBook(script, Optional.of(SITE), WRITTEN, WRITTEN, Optional.empty());
    }

    private static WebRequest request(String client, long seconds, String method, String path, int status) {
        return new WebRequest(
                WRITTEN.plusSeconds(seconds), client, "", method, path, "", status, "", "agent", -1, "log");
    }
}
