<?php

declare(strict_types=1);

namespace SheetId\Upload;

use SheetId\Environment;
use SheetId\InvalidSettings;

/**
 * Where sheets are uploaded to.
 */
final class UploadSettings
{
    /** The most that the function reads by default. */
    private const MAX_BYTES = 33_554_432;

    /**
     * @param string $prefix what every object name begins with, ending in a slash unless it is empty
     * @param int $maxBytes the largest file that is worth uploading: the function rejects what is larger
     * @param ?string $signer email of the service account in whose name upload URLs are signed
     * @param ?string $emulator URL of a storage emulator
     */
    public function __construct(
        public readonly ?string $project,
        public readonly string $bucket,
        public readonly string $prefix = '',
        public readonly int $maxBytes = self::MAX_BYTES,
        public readonly ?string $signer = null,
        public readonly ?string $emulator = null,
    ) {
    }

    /**
     * @throws InvalidSettings
     */
    public static function from(Environment $environment): self
    {
        $prefix = trim($environment->optional('SHEETS_PREFIX') ?? 'sheets', '/');
        $settings = new self(
            $environment->optional('GOOGLE_CLOUD_PROJECT'),
            $environment->required('SHEETS_BUCKET'),
            $prefix === '' ? '' : "$prefix/",
            $environment->integer('SHEETS_MAX_BYTES', self::MAX_BYTES, 1, PHP_INT_MAX),
            $environment->optional('SHEETS_SIGNER'),
            $environment->optional('STORAGE_EMULATOR_HOST'),
        );
        $environment->check();
        return $settings;
    }
}
