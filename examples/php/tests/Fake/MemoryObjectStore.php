<?php

declare(strict_types=1);

namespace SheetId\Tests\Fake;

use SheetId\Upload\ObjectExists;
use SheetId\Upload\ObjectStore;
use SheetId\Upload\SignedUpload;
use SheetId\Upload\StorageUnavailable;
use SheetId\Upload\StoredObject;

/**
 * Objects in memory; fails as told, before or after it has stored what it was given.
 */
final class MemoryObjectStore implements ObjectStore
{
    /** @var array<string, StoredObject> */
    public array $objects = [];
    /** @var array<string, array{bytes: string, contentType: string, metadata: array<string, string>}> */
    public array $contents = [];
    public int $failuresBefore = 0;
    public int $failuresAfter = 0;
    public int $calls = 0;

    public function create(string $name, string $bytes, string $contentType, array $metadata): StoredObject
    {
        $this->calls++;
        if ($this->failuresBefore-- > 0) {
            throw new StorageUnavailable('lost on the way there');
        }
        if (isset($this->objects[$name])) {
            throw new ObjectExists("$name exists");
        }
        $generation = (string) (count($this->objects) + 1);
        $this->objects[$name] = new StoredObject('bucket', $name, $generation, base64_encode(md5($bytes, true)));
        $this->contents[$name] = ['bytes' => $bytes, 'contentType' => $contentType, 'metadata' => $metadata];
        if ($this->failuresAfter-- > 0) {
            throw new StorageUnavailable('lost on the way back');
        }
        return $this->objects[$name];
    }

    public function find(string $name): ?StoredObject
    {
        return $this->objects[$name] ?? null;
    }

    public function signUpload(
        string $name,
        string $contentType,
        int $maxBytes,
        \DateTimeImmutable $expires,
        array $metadata,
    ): SignedUpload {
        return new SignedUpload($name, 'PUT', "https://example.test/$name", [
            'content-type' => $contentType,
            'x-goog-content-length-range' => "1,$maxBytes",
        ] + $metadata);
    }
}
