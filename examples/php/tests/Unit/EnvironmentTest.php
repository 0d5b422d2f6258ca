<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit;

use PHPUnit\Framework\TestCase;
use SheetId\Environment;
use SheetId\InvalidSettings;
use SheetId\Push\PushSettings;
use SheetId\Queue\QueueSettings;
use SheetId\Upload\UploadSettings;

final class EnvironmentTest extends TestCase
{
    /** Every mistake is named at once. */
    public function testNamesEveryMistake(): void
    {
        $environment = new Environment(['SHEETS_PULL_SECONDS' => 'soon', 'SHEETS_BATCH' => '501']);
        try {
            QueueSettings::from($environment);
            self::fail('three mistakes went unnoticed');
        } catch (InvalidSettings $error) {
            self::assertStringContainsString('GOOGLE_CLOUD_PROJECT is not set', $error->getMessage());
            self::assertStringContainsString('SHEETS_PULL_SECONDS is "soon"', $error->getMessage());
            self::assertStringContainsString('SHEETS_BATCH is "501"', $error->getMessage());
        }
    }

    /** What is not set has the stack's defaults. */
    public function testSubscriptionHasDefaults(): void
    {
        $settings = QueueSettings::from(new Environment(['GOOGLE_CLOUD_PROJECT' => 'p']));
        self::assertSame('sheet-results-app', $settings->subscription);
        self::assertSame([100, 50], [$settings->pullSeconds, $settings->batch]);
        self::assertFalse($settings->emulated);
    }

    /** Only an emulator is spoken to without credentials. */
    public function testEmulatorIsNoticed(): void
    {
        $variables = ['GOOGLE_CLOUD_PROJECT' => 'p', 'PUBSUB_EMULATOR_HOST' => '127.0.0.1:8085'];
        self::assertTrue(QueueSettings::from(new Environment($variables))->emulated);
    }

    /**
     * A prefix ends in exactly one slash, and an empty one is the default, not the bucket's root by accident.
     *
     * @dataProvider prefixes
     */
    public function testPrefixEndsInOneSlash(string $given, string $expected): void
    {
        $settings = UploadSettings::from(new Environment(['SHEETS_BUCKET' => 'b', 'SHEETS_PREFIX' => $given]));
        self::assertSame($expected, $settings->prefix);
    }

    /**
     * @return list<array{string, string}>
     */
    public static function prefixes(): array
    {
        return [['', 'sheets/'], ['a', 'a/'], ['/a/b/', 'a/b/'], ['/', '']];
    }

    /** A bucket has no default. */
    public function testBucketIsRequired(): void
    {
        $this->expectException(InvalidSettings::class);
        $this->expectExceptionMessage('SHEETS_BUCKET');
        UploadSettings::from(new Environment([]));
    }

    /** Without audience and account a push could come from anybody, so both are required. */
    public function testPushNeedsAudienceAndAccount(): void
    {
        $this->expectException(InvalidSettings::class);
        $this->expectExceptionMessage(
            'SHEETS_PUSH_AUDIENCE is not set; SHEETS_PUSH_SERVICE_ACCOUNT is not set',
        );
        PushSettings::from(new Environment([]));
    }
}
