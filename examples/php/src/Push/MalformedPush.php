<?php

declare(strict_types=1);

namespace SheetId\Push;

/**
 * The request's body is not what Pub/Sub pushes.
 */
final class MalformedPush extends \RuntimeException
{
}
