<?php

declare(strict_types=1);

namespace SheetId\Upload;

/**
 * The formats that are read: content type, and the extension that object names get.
 */
enum ImageType: string
{
    case Jpeg = 'image/jpeg';
    case Png = 'image/png';
    case Tiff = 'image/tiff';
    case Webp = 'image/webp';
    case Bmp = 'image/bmp';

    /**
     * Recognise the format from the bytes: what a file is called proves nothing.
     *
     * @throws NotUploadable
     */
    public static function of(string $bytes): self
    {
        $found = (string) (new \finfo(FILEINFO_MIME_TYPE))->buffer($bytes);
        return self::named($found === 'image/x-ms-bmp' ? self::Bmp->value : $found);
    }

    /**
     * @throws NotUploadable
     */
    public static function named(string $contentType): self
    {
        $known = implode(', ', array_column(self::cases(), 'value'));
        return self::tryFrom($contentType) ?? throw new NotUploadable("\"$contentType\" is none of $known");
    }

    public function extension(): string
    {
        return match ($this) {
            self::Jpeg => '.jpg',
            self::Png => '.png',
            self::Tiff => '.tif',
            self::Webp => '.webp',
            self::Bmp => '.bmp',
        };
    }
}
