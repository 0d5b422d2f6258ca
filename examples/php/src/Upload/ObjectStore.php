<?php

declare(strict_types=1);

namespace SheetId\Upload;

/**
 * What an upload needs of Cloud Storage, and nothing else, so that everything around it is tested without.
 */
interface ObjectStore
{
    /**
     * Create an object; never overwrite one.
     *
     * @param array<string, string> $metadata
     * @throws ObjectExists
     * @throws StorageUnavailable when it may work later
     */
    public function create(string $name, string $bytes, string $contentType, array $metadata): StoredObject;

    /**
     * Return the object of that name, or null.
     *
     * @throws StorageUnavailable when it may work later
     */
    public function find(string $name): ?StoredObject;

    /**
     * Sign a request with which whoever holds it may create the object, once, until it expires.
     *
     * @param array<string, string> $metadata
     * @param int $maxBytes the most that the request may carry
     * @throws StorageUnavailable when it may work later
     */
    public function signUpload(
        string $name,
        string $contentType,
        int $maxBytes,
        \DateTimeImmutable $expires,
        array $metadata,
    ): SignedUpload;
}
