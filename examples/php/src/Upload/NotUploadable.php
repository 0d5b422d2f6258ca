<?php

declare(strict_types=1);

namespace SheetId\Upload;

/**
 * The file can never be read by the function, so it is not sent.
 */
final class NotUploadable extends \RuntimeException
{
}
