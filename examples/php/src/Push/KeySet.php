<?php

declare(strict_types=1);

namespace SheetId\Push;

use Firebase\JWT\JWK;
use Firebase\JWT\Key;
use GuzzleHttp\ClientInterface;
use GuzzleHttp\Exception\GuzzleException;

/**
 * The keys that an issuer publishes, kept in a file between requests.
 */
final class KeySet
{
    private const ALGORITHM = 'RS256';
    private const KEEP_SECONDS = 3600;
    /** A key that is not among them may be new, but asking for it must not become a way to keep us busy. */
    private const REFETCH_SECONDS = 60;

    /**
     * @param string $url where the issuer publishes them
     * @param string $file in a directory that only the web server's user may write to
     */
    public function __construct(
        private readonly ClientInterface $http,
        private readonly string $url,
        private readonly string $file,
    ) {
    }

    /**
     * @return array<string, Key> by key id; the wanted one is among them if the issuer knows it
     * @throws KeysUnavailable
     */
    public function with(string $keyId): array
    {
        clearstatcache(true, $this->file);
        $age = is_file($this->file) ? time() - (int) filemtime($this->file) : PHP_INT_MAX;
        $keys = $age < self::KEEP_SECONDS ? self::parsed((string) file_get_contents($this->file)) : [];
        return isset($keys[$keyId]) || $age < self::REFETCH_SECONDS ? $keys : $this->fetch();
    }

    /**
     * @return array<string, Key>
     */
    private function fetch(): array
    {
        try {
            $json = (string) $this->http->request('GET', $this->url)->getBody();
        } catch (GuzzleException $failure) {
            throw new KeysUnavailable($failure->getMessage(), 0, $failure);
        }
        $keys = self::parsed($json);
        $this->keep($json);
        return $keys;
    }

    /**
     * Renaming is atomic: no other request ever sees half a file.
     */
    private function keep(string $json): void
    {
        $directory = dirname($this->file);
        if (!is_dir($directory)) {
            @mkdir($directory, 0o700, true);
        }
        $temporary = $this->file . bin2hex(random_bytes(8));
        if (@file_put_contents($temporary, $json) === false || !@rename($temporary, $this->file)) {
            throw new KeysUnavailable("$this->file cannot be written");
        }
    }

    /**
     * @return array<string, Key>
     */
    private static function parsed(string $json): array
    {
        try {
            return JWK::parseKeySet((array) json_decode($json, true), self::ALGORITHM);
        } catch (\UnexpectedValueException | \InvalidArgumentException | \DomainException $error) {
            throw new KeysUnavailable("what the issuer publishes are no keys: {$error->getMessage()}", 0, $error);
        }
    }
}
