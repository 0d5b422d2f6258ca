<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Upload;

use PHPUnit\Framework\TestCase;
use SheetId\Tests\Fake\MemoryObjectStore;
use SheetId\Tests\Sample;
use SheetId\Upload\ImageType;
use SheetId\Upload\NotUploadable;
use SheetId\Upload\StorageUnavailable;
use SheetId\Upload\StoredObject;
use SheetId\Upload\Uploader;

final class UploaderTest extends TestCase
{
    private MemoryObjectStore $store;
    /** @var list<float> */
    private array $waits = [];
    private string $page;

    protected function setUp(): void
    {
        $this->store = new MemoryObjectStore();
        $this->page = Sample::png(Sample::picture(20, 28));
    }

    private function uploader(int $maxBytes = 1_000_000): Uploader
    {
        return new Uploader($this->store, 'inbox/', $maxBytes, function (float $seconds): void {
            $this->waits[] = $seconds;
        });
    }

    /** The name is the prefix, 128 random bits and the extension of what the bytes are. */
    public function testNamesAreRandomUnderThePrefix(): void
    {
        $names = [];
        foreach (range(1, 50) as $_) {
            $names[] = $this->uploader()->upload($this->page)->name;
        }
        foreach ($names as $name) {
            self::assertMatchesRegularExpression('~^inbox/[0-9a-f]{32}\.png$~D', $name);
        }
        self::assertCount(50, array_unique($names));
    }

    /** Bytes, content type and the application's reference arrive as they were given. */
    public function testSendsBytesTypeAndReference(): void
    {
        $name = $this->uploader()->upload($this->page, 'invoice 7')->name;
        self::assertSame(
            ['bytes' => $this->page, 'contentType' => 'image/png', 'metadata' => ['reference' => 'invoice 7']],
            $this->store->contents[$name],
        );
    }

    /** A failed attempt is repeated under the same name after growing pauses. */
    public function testTriesAgain(): void
    {
        $this->store->failuresBefore = 3;
        $this->uploader()->upload($this->page);
        self::assertSame([0.5, 1.0, 2.0], $this->waits);
        self::assertCount(1, $this->store->objects);
    }

    /** When only the answer was lost, the next attempt finds the object and makes no second one. */
    public function testRecognisesItsOwnObject(): void
    {
        $this->store->failuresAfter = 1;
        $object = $this->uploader()->upload($this->page);
        self::assertSame([$object->name], array_keys($this->store->objects));
        self::assertSame(2, $this->store->calls);
    }

    /** An object of that name with other bytes is not taken for ours. */
    public function testDoesNotTakeAnotherObjectForItsOwn(): void
    {
        $this->store->failuresAfter = 1;
        $uploader = new Uploader($this->store, '', 1_000_000, function (): void {
            foreach ($this->store->objects as $name => $object) {
                $this->store->objects[$name] = new StoredObject('bucket', $name, '9', 'other');
            }
        });
        $this->expectException(StorageUnavailable::class);
        $uploader->upload($this->page);
    }

    /** It gives up after five attempts, and says why. */
    public function testGivesUpInTheEnd(): void
    {
        $this->store->failuresBefore = 99;
        try {
            $this->uploader()->upload($this->page);
            self::fail('the failure was swallowed');
        } catch (StorageUnavailable $failure) {
            self::assertSame('lost on the way there', $failure->getMessage());
            self::assertSame(5, $this->store->calls);
        }
    }

    /** What is no image is not sent. */
    public function testRefusesWhatIsNoImage(): void
    {
        $this->expectException(NotUploadable::class);
        $this->uploader()->upload('%PDF-1.7');
    }

    /** What is larger than the function reads is not sent. */
    public function testRefusesWhatIsTooLarge(): void
    {
        $this->expectException(NotUploadable::class);
        $this->uploader(strlen($this->page) - 1)->upload($this->page);
    }

    /** A signed upload carries a fresh name, the type, the size limit and the reference. */
    public function testSigns(): void
    {
        $signed = $this->uploader(5000)->sign(ImageType::Jpeg, new \DateTimeImmutable('+5 minutes'), 'ref');
        self::assertMatchesRegularExpression('~^inbox/[0-9a-f]{32}\.jpg$~D', $signed->name);
        self::assertSame([
            'content-type' => 'image/jpeg',
            'x-goog-content-length-range' => '1,5000',
            'reference' => 'ref',
        ], $signed->headers);
    }
}
