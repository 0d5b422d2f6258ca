<?php

declare(strict_types=1);

namespace SheetId\Tests;

/**
 * Messages as the function publishes them, and pictures.
 */
final class Sample
{
    /**
     * @param array<string, mixed> $changes fields to set; null takes one away
     */
    public static function read(array $changes = []): string
    {
        return self::json($changes + [
            'schemaVersion' => 1,
            'sheetNumber' => '0042137',
            'status' => 'read',
            'confidence' => 0.998,
            'digits' => [['digit' => '0', 'confidence' => 0.999, 'box' => [10, 20, 30, 40]]],
            'bucket' => 'sheets',
            'image' => 'sheets/1f.jpg',
            'generation' => '1760000000000001',
            'model' => ['name' => 'digits', 'version' => '1'],
            'eventId' => '7',
            'processedAt' => '2026-01-02T03:04:05.678Z',
        ]);
    }

    /**
     * @param array<string, mixed> $changes
     */
    public static function review(array $changes = []): string
    {
        return self::read($changes + [
            'status' => 'review',
            'sheetNumber' => null,
            'candidate' => '42137',
            'reason' => 'low_confidence',
            'confidence' => 0.6,
        ]);
    }

    /**
     * @param array<string, mixed> $changes
     */
    public static function rejected(array $changes = []): string
    {
        return self::read($changes + [
            'status' => 'rejected',
            'sheetNumber' => null,
            'reason' => 'no_digits',
            'confidence' => null,
            'digits' => [],
            'model' => null,
        ]);
    }

    /**
     * A white picture, with a black square of a tenth of its width in the top-right corner.
     */
    public static function picture(int $width, int $height): \GdImage
    {
        $picture = imagecreatetruecolor($width, $height);
        imagefill($picture, 0, 0, 0xFFFFFF);
        $side = intdiv($width, 10);
        imagefilledrectangle($picture, $width - $side, 0, $width - 1, $side - 1, 0x000000);
        return $picture;
    }

    public static function png(\GdImage $picture): string
    {
        ob_start();
        imagepng($picture);
        return (string) ob_get_clean();
    }

    public static function jpeg(\GdImage $picture): string
    {
        ob_start();
        imagejpeg($picture, null, 95);
        return (string) ob_get_clean();
    }

    /**
     * @param array<string, mixed> $fields
     */
    private static function json(array $fields): string
    {
        $set = array_filter($fields, static fn (mixed $value): bool => $value !== null);
        return json_encode($set, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
    }
}
