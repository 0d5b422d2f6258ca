<?php

declare(strict_types=1);

namespace SheetId\Upload;

/**
 * Cloud Storage, or the way to it, failed; the same may work later.
 */
final class StorageUnavailable extends \RuntimeException
{
}
