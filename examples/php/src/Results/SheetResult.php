<?php

declare(strict_types=1);

namespace SheetId\Results;

/**
 * What was read from one generation of one object.
 */
final class SheetResult
{
    /**
     * @param string $image the object's name: the path under which the application uploaded it
     * @param ?string $sheetNumber only with status read; leading zeros kept
     * @param ?string $candidate the best guess, only with status review
     * @param ?string $reason why it was not read
     * @param ?float $confidence calibrated probability that the whole number is right
     * @param ?string $model name and version of the model that read it
     * @param ?string $processedAt RFC 3339, UTC
     */
    public function __construct(
        public readonly string $bucket,
        public readonly string $image,
        public readonly string $generation,
        public readonly Status $status,
        public readonly ?string $sheetNumber = null,
        public readonly ?string $candidate = null,
        public readonly ?string $reason = null,
        public readonly ?float $confidence = null,
        public readonly ?string $model = null,
        public readonly ?string $eventId = null,
        public readonly ?string $processedAt = null,
    ) {
    }

    /**
     * What the result is known by, however often it is delivered.
     */
    public function identity(): string
    {
        return "$this->bucket/$this->image#$this->generation";
    }
}
