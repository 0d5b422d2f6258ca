<?php

declare(strict_types=1);

namespace SheetId\Upload;

/**
 * A request that a browser may send as it stands, with the file as its body. Without these very headers it is refused.
 */
final class SignedUpload
{
    /**
     * @param array<string, string> $headers
     */
    public function __construct(
        public readonly string $name,
        public readonly string $method,
        public readonly string $url,
        public readonly array $headers,
    ) {
    }
}
