<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Upload;

use PHPUnit\Framework\TestCase;
use SheetId\Tests\Sample;
use SheetId\Upload\ImageType;
use SheetId\Upload\NotUploadable;

final class ImageTypeTest extends TestCase
{
    /**
     * The bytes tell what it is.
     *
     * @dataProvider images
     */
    public function testRecognisesFormats(string $bytes, ImageType $expected): void
    {
        self::assertSame($expected, ImageType::of($bytes));
    }

    /**
     * @return array<string, array{string, ImageType}>
     */
    public static function images(): array
    {
        $picture = Sample::picture(20, 20);
        ob_start();
        imagewebp($picture);
        $webp = (string) ob_get_clean();
        ob_start();
        imagebmp($picture);
        $bmp = (string) ob_get_clean();
        return [
            'JPEG' => [Sample::jpeg($picture), ImageType::Jpeg],
            'PNG' => [Sample::png($picture), ImageType::Png],
            'WebP' => [$webp, ImageType::Webp],
            'BMP' => [$bmp, ImageType::Bmp],
            'TIFF' => ["II*\0\x08\0\0\0\0\0\0\0\0\0", ImageType::Tiff],
        ];
    }

    /**
     * Anything else is refused.
     *
     * @dataProvider others
     */
    public function testRefusesOthers(string $bytes): void
    {
        $this->expectException(NotUploadable::class);
        ImageType::of($bytes);
    }

    /**
     * @return list<array{string}>
     */
    public static function others(): array
    {
        return [[''], ['hello'], ['%PDF-1.7'], ['<svg xmlns="http://www.w3.org/2000/svg"/>'], ["GIF89a\x01\0\x01\0"]];
    }
}
