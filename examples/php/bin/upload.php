#!/usr/bin/env php
<?php

/**
 * Uploads scanned sheets and prints each one's object name:
 *
 *     bin/upload.php [--crop] [--reference=TEXT] FILE…
 *
 * --crop sends the page's top-right corner only. The reference is kept as metadata of every object.
 */

declare(strict_types=1);

use SheetId\Environment;
use SheetId\InvalidSettings;
use SheetId\Upload\CloudObjectStore;
use SheetId\Upload\Corner;
use SheetId\Upload\NotUploadable;
use SheetId\Upload\Uploader;
use SheetId\Upload\UploadSettings;

require __DIR__ . '/../src/autoload.php';

function bytesOf(string $file): string
{
    $bytes = is_file($file) ? @file_get_contents($file) : false;
    return $bytes === false ? throw new NotUploadable('cannot be read') : $bytes;
}

ini_set('memory_limit', '512M'); // GD unpacks a page scanned at 600 dpi into 140 MB, twice to turn it
$options = getopt('', ['crop', 'reference:'], $first);
$files = array_slice($argv, $first);
if ($files === [] || str_starts_with($files[0], '--') || is_array($options['reference'] ?? null)) {
    fwrite(STDERR, "usage: upload.php [--crop] [--reference=TEXT] FILE…\n");
    exit(2);
}
try {
    $settings = UploadSettings::from(Environment::ofProcess());
} catch (InvalidSettings $error) {
    fwrite(STDERR, "upload.php: {$error->getMessage()}\n");
    exit(2);
}
$sleep = static fn (float $seconds) => usleep((int) ($seconds * 1e6));
$uploader = new Uploader(CloudObjectStore::connect($settings), $settings->prefix, $settings->maxBytes, $sleep);
$failed = false;
foreach ($files as $file) {
    try {
        $bytes = bytesOf($file);
        $sheet = isset($options['crop']) ? Corner::cut($bytes) : $bytes;
        echo $uploader->upload($sheet, $options['reference'] ?? null)->name, "\n";
    } catch (\Exception $error) {
        fwrite(STDERR, "$file: {$error->getMessage()}\n");
        $failed = true;
    }
}
exit($failed ? 1 : 0);
