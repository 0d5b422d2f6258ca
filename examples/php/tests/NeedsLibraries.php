<?php

declare(strict_types=1);

namespace SheetId\Tests;

use Google\Cloud\Storage\StorageClient;

/**
 * Skips a test case of an adapter where composer's libraries are not installed.
 */
trait NeedsLibraries
{
    /**
     * @before
     */
    protected function needLibraries(): void
    {
        if (!class_exists(StorageClient::class)) {
            $this->markTestSkipped('vendor/ is not there: run "composer install"');
        }
    }
}
