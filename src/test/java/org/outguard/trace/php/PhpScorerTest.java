package org.outguard.trace.php;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhpScorerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<?php eval($_POST['x']);",
                "<?php @eval/* a comment */(base64_decode('ZWNobyAx'));",
                "GIF89a<?php system($_GET[\"cmd\"]); ?>",
                "<?php $f=$_GET['f']; $f($_REQUEST['a']);",
                "<?php $_GET['f']($_POST['x']);",
                "<?php eval(gzinflate(base64_decode('c3RvcA==')));",
                "<?php $k = str_rot13('flfgrz'); $k($_POST['c']);",
                "<?php include $_GET['page'];",
                "<?php preg_replace('/.*/e', $_POST['c'], '');",
                "<?php while(1){ $s=fsockopen('udp://'.$_GET['h'],80); fwrite($s,$out); }",
                "<?= `$_GET[0]` ?>",
                "<?php call_user_func($_POST['a'], $_POST['b']);",
                "<?php assert($_REQUEST['q']);",
                "<?php $c = $_COOKIE; $d = $c['x']; eval($d);",
                "<?php $x = <<<EOT\nFilesMan\nEOT;\n",
            })
    void whatRunsTheRequestIsMalicious(String code) {
        assertThat(score(code).malicious()).as(score(code).toString()).isTrue();
        assertThat(score(code).reasons()).allMatch(reason -> reason.contains("line "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<?php // Silence is golden.",
                "<?php\n/* eval($_POST['x']) is what intruders write */ echo 'eval($_POST[1])';",
                "<?php class A { function eval($x) { return $this->system($_GET['x']); } }",
                "<?php $name = sanitize_text_field($_POST['name']); update_option('name', $name);",
                "<?php $data = base64_decode($_POST['image']); imagecreatefromstring($data);",
                "<?php require_once __DIR__ . '/vendor/autoload.php'; exec('convert ' . escapeshellarg($file));",
                "<?php mail($to, $subject, $body);",
                "<?xml version=\"1.0\"?><a>eval($_POST[1])</a>",
                "plain text eval($_POST[1])",
            })
    void whatHonestProgramsWriteIsNot(String code) {
        assertThat(score(code).suspicious()).as(score(code).toString()).isFalse();
    }

    @Test
    void anEmptyIndexHasNoCode() {
        assertThat(score("<?php // Silence is golden.").hasCode()).isFalse();
        assertThat(score("<?php echo strlen('x');").hasCode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<?php '",
                "<?php \"\\",
                "<?php <<<",
                "<?php <<<A\nb",
                "<?php /*",
                "<?",
                "<?php $",
                "<?php ${",
                "<?php eval(",
                "<?php \\"
            })
    void brokenCodeIsReadToItsEnd(String code) {
        assertThat(score(code).points()).isBetween(0, 100);
    }

    private static PhpScore score(String code) {
        return PhpScorer.score(code.getBytes(StandardCharsets.UTF_8));
    }
}
