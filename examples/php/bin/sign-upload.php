#!/usr/bin/env php
<?php

/**
 * Prints, as JSON, a request with which a browser uploads one sheet straight to the bucket:
 *
 *     bin/sign-upload.php [--minutes=15] [--reference=TEXT] CONTENT-TYPE
 */

declare(strict_types=1);

use SheetId\Environment;
use SheetId\Upload\CloudObjectStore;
use SheetId\Upload\ImageType;
use SheetId\Upload\Uploader;
use SheetId\Upload\UploadSettings;

require __DIR__ . '/../src/autoload.php';

const DEFAULT_MINUTES = '15';
const WEEK = 7 * 24 * 60;

$options = getopt('', ['minutes:', 'reference:'], $first);
$range = ['options' => ['min_range' => 1, 'max_range' => WEEK]];
$minutes = filter_var($options['minutes'] ?? DEFAULT_MINUTES, FILTER_VALIDATE_INT, $range);
if (count($argv) !== $first + 1 || $minutes === false || is_array($options['reference'] ?? null)) {
    fwrite(STDERR, "usage: sign-upload.php [--minutes=15] [--reference=TEXT] CONTENT-TYPE\n");
    exit(2);
}
try {
    $type = ImageType::named($argv[$first]);
    $settings = UploadSettings::from(Environment::ofProcess());
    $sleep = static fn (float $seconds) => usleep((int) ($seconds * 1e6));
    $uploader = new Uploader(CloudObjectStore::connect($settings), $settings->prefix, $settings->maxBytes, $sleep);
    $signed = $uploader->sign($type, new \DateTimeImmutable("+$minutes minutes"), $options['reference'] ?? null);
} catch (\Exception $error) {
    fwrite(STDERR, "sign-upload.php: {$error->getMessage()}\n");
    exit(1);
}
echo json_encode($signed, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR), "\n";
