<?php

declare(strict_types=1);

namespace SheetId\Push;

/**
 * What Pub/Sub is answered; anything but success makes it deliver again, and at last to the dead-letter topic.
 */
enum PushResponse: int
{
    case Done = 204;
    case BadRequest = 400;
    case Unauthorized = 401;
    case MethodNotAllowed = 405;
    case Unprocessable = 422;
    case Unavailable = 503;
}
