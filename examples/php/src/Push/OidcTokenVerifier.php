<?php

declare(strict_types=1);

namespace SheetId\Push;

use Firebase\JWT\JWT;
use GuzzleHttp\Client;

/**
 * Verifies the OpenID Connect tokens that Pub/Sub puts on authenticated pushes.
 */
final class OidcTokenVerifier implements TokenVerifier
{
    private const GOOGLE_KEYS = 'https://www.googleapis.com/oauth2/v3/certs';
    private const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
    private const HTTP_TIMEOUT_SECONDS = 5;

    public function __construct(private readonly PushSettings $settings, private readonly KeySet $keys)
    {
    }

    /**
     * @param string $directory for the keys; only the web server's user may write to it
     */
    public static function create(PushSettings $settings, string $directory): self
    {
        $http = new Client(['timeout' => self::HTTP_TIMEOUT_SECONDS]);
        return new self($settings, new KeySet($http, self::GOOGLE_KEYS, "$directory/google-keys.json"));
    }

    public function verify(string $token): void
    {
        $keys = $this->keys->with(self::keyId($token));
        if ($keys === []) {
            throw new TokenRefused('there are no keys to verify the token with');
        }
        try {
            $claims = JWT::decode($token, $keys);
        } catch (\UnexpectedValueException | \DomainException | \InvalidArgumentException $error) {
            throw new TokenRefused($error->getMessage(), 0, $error);
        }
        $this->checkClaims($claims);
    }

    private static function keyId(string $token): string
    {
        $header = json_decode((string) base64_decode(strtr(explode('.', $token)[0], '-_', '+/')), true);
        $keyId = is_array($header) ? $header['kid'] ?? null : null;
        return is_string($keyId) ? $keyId : throw new TokenRefused('the token names no key');
    }

    private function checkClaims(\stdClass $claims): void
    {
        $checks = [
            'issuer' => in_array($claims->iss ?? null, self::ISSUERS, true),
            'audience' => ($claims->aud ?? null) === $this->settings->audience,
            'service account' => ($claims->email ?? null) === $this->settings->serviceAccount
                && ($claims->email_verified ?? null) === true,
            'expiry' => isset($claims->exp), // that it has not passed was checked with the signature
        ];
        foreach ($checks as $what => $isRight) {
            if (!$isRight) {
                throw new TokenRefused("the token's $what is not the expected one");
            }
        }
    }
}
