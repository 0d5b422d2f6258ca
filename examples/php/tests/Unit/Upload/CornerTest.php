<?php

declare(strict_types=1);

namespace SheetId\Tests\Unit\Upload;

use PHPUnit\Framework\TestCase;
use SheetId\Tests\Sample;
use SheetId\Upload\Corner;
use SheetId\Upload\NotUploadable;

final class CornerTest extends TestCase
{
    private const BLACK = 40;

    /**
     * A4 at 200 dpi gives 450×400 pixels, and every other resolution as much of the page.
     *
     * @dataProvider resolutions
     */
    public function testCutsAtThePagesResolution(int $width, int $height, int $expectedWidth, int $expectedHeight): void
    {
        $corner = imagecreatefromstring(Corner::cut(Sample::png(Sample::picture($width, $height))));
        self::assertSame([$expectedWidth, $expectedHeight], [imagesx($corner), imagesy($corner)]);
        self::assertLessThan(self::BLACK, self::greyAt($corner, $expectedWidth - 1, 0), 'the mark is top right');
        self::assertGreaterThan(200, self::greyAt($corner, 0, $expectedHeight - 1), 'the rest is white');
    }

    /**
     * @return array<string, array{int, int, int, int}>
     */
    public static function resolutions(): array
    {
        return [
            'A4, 200 dpi' => [1654, 2339, 450, 400],
            'A4, 300 dpi' => [2480, 3508, 675, 600],
            'A4, 100 dpi' => [827, 1169, 225, 200],
            'Letter, 200 dpi' => [1700, 2200, 463, 412],
        ];
    }

    /** Not a pixel is changed. */
    public function testKeepsEveryPixel(): void
    {
        $page = Sample::picture(827, 1169);
        mt_srand(7);
        for ($y = 0; $y < 200; $y++) {
            for ($x = 602; $x < 827; $x += 3) {
                imagesetpixel($page, $x, $y, mt_rand(0, 0xFFFFFF));
            }
        }
        $corner = imagecreatefromstring(Corner::cut(Sample::png($page)));
        for ($y = 0; $y < 200; $y++) {
            for ($x = 0; $x < 225; $x++) {
                self::assertSame(imagecolorat($page, $x + 602, $y), imagecolorat($corner, $x, $y), "at $x, $y");
            }
        }
    }

    /** Bitonal and other palette images are cut like any other. */
    public function testCutsPaletteImages(): void
    {
        $page = Sample::picture(827, 1169);
        imagetruecolortopalette($page, false, 2);
        $corner = imagecreatefromstring(Corner::cut(Sample::png($page)));
        $color = imagecolorsforindex($corner, imagecolorat($corner, 224, 0));
        self::assertSame([225, 200], [imagesx($corner), imagesy($corner)]);
        self::assertLessThan(self::BLACK, $color['red'], 'the mark is top right');
    }

    /**
     * A page that was stored turned or mirrored, with an EXIF note of how, is cut where a person sees the corner.
     *
     * @dataProvider orientations
     * @requires extension exif
     */
    public function testHeedsOrientation(int $orientation, string $stored): void
    {
        $page = Sample::picture(160, 226);
        $turned = match ($stored) {
            'upright' => $page,
            'upside down' => imagerotate($page, 180, 0),
            'clockwise' => imagerotate($page, 270, 0),
            'anticlockwise' => imagerotate($page, 90, 0),
        };
        if (in_array($orientation, [2, 4, 5, 7], true)) {
            imageflip($turned, IMG_FLIP_HORIZONTAL);
        }
        $jpeg = self::withOrientation(Sample::jpeg($turned), $orientation);
        $corner = imagecreatefromstring(Corner::cut($jpeg));
        self::assertSame([44, 39], [imagesx($corner), imagesy($corner)]);
        self::assertLessThan(self::BLACK, self::greyAt($corner, 42, 2), 'the mark is top right');
        self::assertGreaterThan(200, self::greyAt($corner, 2, 36), 'the rest is white');
    }

    /**
     * How the upright page was turned, and then mirrored left to right where the value says so, to be stored.
     *
     * @return list<array{int, string}>
     */
    public static function orientations(): array
    {
        return [
            [1, 'upright'],
            [2, 'upright'],
            [3, 'upside down'],
            [4, 'upside down'],
            [5, 'clockwise'],
            [6, 'anticlockwise'],
            [7, 'anticlockwise'],
            [8, 'clockwise'],
        ];
    }

    /**
     * What has no corner to cut is refused with a reason.
     *
     * @dataProvider unsuitable
     */
    public function testRefuses(string $bytes, string $reason): void
    {
        $this->expectException(NotUploadable::class);
        $this->expectExceptionMessage($reason);
        Corner::cut($bytes, 4_000_000);
    }

    /**
     * @return array<string, array{string, string}>
     */
    public static function unsuitable(): array
    {
        $page = Sample::png(Sample::picture(827, 1169));
        return [
            'a corner already' => [Sample::png(Sample::picture(450, 400)), 'not an upright page'],
            'a page on its side' => [Sample::png(Sample::picture(1169, 827)), 'not an upright page'],
            'a strip' => [Sample::png(Sample::picture(100, 400)), 'not an upright page'],
            'no image' => ['hello', 'GD cannot cut this format'],
            'a TIFF' => ["II*\0\x08\0\0\0\0\0\0\0\0\0", 'GD cannot cut this format'],
            'a truncated file' => [substr($page, 0, 100), 'damaged'],
            'a bomb' => [self::claiming($page, 60_000, 60_000), 'are unpacked'],
        ];
    }

    private static function greyAt(\GdImage $image, int $x, int $y): int
    {
        return imagecolorat($image, $x, $y) & 0xFF;
    }

    /**
     * Put an EXIF segment that holds nothing but the orientation behind the JPEG's first marker.
     */
    private static function withOrientation(string $jpeg, int $orientation): string
    {
        $entry = pack('nnNnn', 0x0112, 3, 1, $orientation, 0);
        $exif = "Exif\0\0MM" . pack('nNn', 42, 8, 1) . $entry . pack('N', 0);
        return substr($jpeg, 0, 2) . "\xFF\xE1" . pack('n', strlen($exif) + 2) . $exif . substr($jpeg, 2);
    }

    /**
     * A PNG whose header claims another size.
     */
    private static function claiming(string $png, int $width, int $height): string
    {
        $header = 'IHDR' . pack('NN', $width, $height) . substr($png, 24, 5);
        return substr($png, 0, 12) . $header . pack('N', crc32($header)) . substr($png, 33);
    }
}
