<?php

declare(strict_types=1);

namespace SheetId\Upload;

/**
 * One generation of one object in Cloud Storage.
 */
final class StoredObject
{
    /**
     * @param string $md5 of its bytes, in base64 as Cloud Storage gives it
     */
    public function __construct(
        public readonly string $bucket,
        public readonly string $name,
        public readonly string $generation,
        public readonly string $md5,
    ) {
    }
}
