<?php

declare(strict_types=1);

namespace SheetId\Upload;

/**
 * Cuts the part of a page out that carries the number: what 450×400 pixels are on a page scanned at 200 dpi.
 */
final class Corner
{
    private const WIDTH_SHARE = 450 / (210 / 25.4 * 200);
    private const HEIGHT_TO_WIDTH = 400 / 450;
    /** Height to width of Letter (1.29), A4 (1.41) and Legal (1.65), with room for a scanner's margins. */
    private const LEAST_RATIO = 1.2;
    private const MOST_RATIO = 1.75;
    /** Quick to pack; the corner is small in any case. */
    private const PNG_EFFORT = 6;
    private const EXIF_ORIENTATION_NORMAL = 1;
    /** As many as the function reads; GD takes four bytes for each, and as much again while it turns them. */
    private const MAX_PIXELS = 40_000_000;

    /**
     * Return the top-right corner of a page as PNG, pixel for pixel as it was scanned.
     *
     * @param string $bytes a JPEG, PNG, WebP or BMP
     * @param int $maxPixels more are not unpacked into memory
     * @throws NotUploadable
     */
    public static function cut(string $bytes, int $maxPixels = self::MAX_PIXELS): string
    {
        $image = self::upright(self::decode($bytes, $maxPixels), self::orientation($bytes));
        $width = imagesx($image);
        $height = imagesy($image);
        $ratio = $height / $width;
        if ($ratio < self::LEAST_RATIO || $ratio > self::MOST_RATIO) {
            // A page that lies on its side has its number in another corner: the function turns it, we cannot know.
            throw new NotUploadable("{$width}×{$height} pixels are not an upright page; upload it as it is");
        }
        $cutWidth = max(1, (int) round($width * self::WIDTH_SHARE));
        $corner = imagecrop($image, [
            'x' => $width - $cutWidth,
            'y' => 0,
            'width' => $cutWidth,
            'height' => max(1, (int) round($cutWidth * self::HEIGHT_TO_WIDTH)),
        ]);
        if ($corner === false) {
            throw new NotUploadable('the corner cannot be cut out');
        }
        return self::png($corner, imageresolution($image));
    }

    private static function decode(string $bytes, int $maxPixels): \GdImage
    {
        $size = @getimagesizefromstring($bytes);
        if ($size === false || ImageType::of($bytes) === ImageType::Tiff) {
            throw new NotUploadable('GD cannot cut this format; upload the whole page');
        }
        if ($size[0] * $size[1] > $maxPixels) {
            throw new NotUploadable("{$size[0]}×{$size[1]} pixels are more than the $maxPixels that are unpacked");
        }
        $image = @imagecreatefromstring($bytes);
        if ($image === false) {
            throw new NotUploadable('the image is damaged');
        }
        return $image;
    }

    /**
     * How the image has to be turned to be seen as it was meant: the EXIF value, 1 to 8.
     */
    private static function orientation(string $bytes): int
    {
        if (!function_exists('exif_read_data') || ImageType::of($bytes) !== ImageType::Jpeg) {
            return self::EXIF_ORIENTATION_NORMAL;
        }
        $stream = fopen('php://memory', 'w+b');
        fwrite($stream, $bytes);
        rewind($stream);
        $tags = @exif_read_data($stream);
        return (int) ($tags['Orientation'] ?? self::EXIF_ORIENTATION_NORMAL);
    }

    private static function upright(\GdImage $image, int $orientation): \GdImage
    {
        // GD turns anticlockwise; the mirrored ones are flipped first.
        if (in_array($orientation, [2, 4, 5, 7], true)) {
            imageflip($image, $orientation === 4 ? IMG_FLIP_VERTICAL : IMG_FLIP_HORIZONTAL);
        }
        $angle = match ($orientation) {
            3 => 180,
            5, 8 => 90,
            6, 7 => 270,
            default => 0,
        };
        $turned = $angle === 0 ? $image : imagerotate($image, $angle, 0);
        if ($turned === false) {
            throw new NotUploadable('the page cannot be turned upright');
        }
        return $turned;
    }

    /**
     * @param array{int, int}|bool $resolution in dpi
     */
    private static function png(\GdImage $image, array|bool $resolution): string
    {
        if (is_array($resolution)) {
            imageresolution($image, ...$resolution);
        }
        imagesavealpha($image, true);
        ob_start();
        imagepng($image, null, self::PNG_EFFORT);
        return (string) ob_get_clean();
    }
}
