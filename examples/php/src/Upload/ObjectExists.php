<?php

declare(strict_types=1);

namespace SheetId\Upload;

/**
 * There is an object of that name already.
 */
final class ObjectExists extends \RuntimeException
{
}
