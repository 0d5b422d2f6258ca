<?php

declare(strict_types=1);

namespace SheetId\Tests\Adapter;

use Firebase\JWT\JWT;
use GuzzleHttp\Psr7\Response;
use PHPUnit\Framework\TestCase;
use SheetId\Push\KeySet;
use SheetId\Push\KeysUnavailable;
use SheetId\Push\OidcTokenVerifier;
use SheetId\Push\PushSettings;
use SheetId\Push\TokenRefused;
use SheetId\Tests\Fake\Network;
use SheetId\Tests\NeedsLibraries;

final class OidcTokenVerifierTest extends TestCase
{
    use NeedsLibraries;

    private const AUDIENCE = 'https://app.example.test/push.php';
    private const ACCOUNT = 'pusher@p.iam.gserviceaccount.com';

    private static \OpenSSLAsymmetricKey $key;
    private string $file;

    public static function setUpBeforeClass(): void
    {
        self::$key = self::newKey();
    }

    protected function setUp(): void
    {
        $this->file = sys_get_temp_dir() . '/sheetid-keys-' . bin2hex(random_bytes(8)) . '.json';
    }

    protected function tearDown(): void
    {
        if (is_file($this->file)) {
            unlink($this->file);
        }
    }

    private static function newKey(): \OpenSSLAsymmetricKey
    {
        return openssl_pkey_new(['private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_RSA]);
    }

    private static function keys(string ...$ids): Response
    {
        $rsa = openssl_pkey_get_details(self::$key)['rsa'];
        $numbers = ['n' => JWT::urlsafeB64Encode($rsa['n']), 'e' => JWT::urlsafeB64Encode($rsa['e'])];
        $key = ['kty' => 'RSA', 'use' => 'sig', 'alg' => 'RS256'] + $numbers;
        return Network::json(['keys' => array_map(static fn (string $id): array => ['kid' => $id] + $key, $ids)]);
    }

    /**
     * @param array<string, mixed> $changes claims to set; null takes one away
     */
    private static function token(array $changes = [], ?\OpenSSLAsymmetricKey $key = null, string $keyId = 'k1'): string
    {
        $claims = $changes + [
            'iss' => 'https://accounts.google.com',
            'aud' => self::AUDIENCE,
            'email' => self::ACCOUNT,
            'email_verified' => true,
            'iat' => time() - 10,
            'exp' => time() + 600,
        ];
        $set = array_filter($claims, static fn (mixed $value): bool => $value !== null);
        return JWT::encode($set, $key ?? self::$key, 'RS256', $keyId);
    }

    private function verifier(Network $network): OidcTokenVerifier
    {
        $keys = new KeySet($network->client(), 'https://keys.example.test/', $this->file);
        return new OidcTokenVerifier(new PushSettings(self::AUDIENCE, self::ACCOUNT), $keys);
    }

    /** A token of Google's for our account and audience is good; the keys are fetched once. */
    public function testAcceptsOurs(): void
    {
        $network = new Network([self::keys('k1', 'k2'), self::keys('k1')]);
        $this->verifier($network)->verify(self::token());
        $this->verifier($network)->verify(self::token(['iss' => 'accounts.google.com']));
        self::assertSame(1, $network->unanswered());
    }

    /**
     * A token that lacks anything is refused.
     *
     * @dataProvider wrongClaims
     * @param array<string, mixed> $changes
     */
    public function testRefusesOthers(array $changes): void
    {
        $this->expectException(TokenRefused::class);
        $this->verifier(new Network([self::keys('k1')]))->verify(self::token($changes));
    }

    /**
     * @return array<string, array{array<string, mixed>}>
     */
    public static function wrongClaims(): array
    {
        return [
            'another audience' => [['aud' => 'https://other.example.test/']],
            'a list of audiences' => [['aud' => [self::AUDIENCE]]],
            'no audience' => [['aud' => null]],
            'another account' => [['email' => 'other@p.iam.gserviceaccount.com']],
            'an unverified account' => [['email_verified' => false]],
            'an account verified by name' => [['email_verified' => 'true']],
            'no account' => [['email' => null]],
            'another issuer' => [['iss' => 'https://example.test']],
            'expired' => [['exp' => time() - 600]],
            'never expiring' => [['exp' => null]],
            'from the future' => [['iat' => time() + 6000]],
        ];
    }

    /**
     * What is no token, or signed by somebody else, or not at all, is refused.
     *
     * @dataProvider forgeries
     */
    public function testRefusesForgeries(callable $token): void
    {
        $this->expectException(TokenRefused::class);
        $this->verifier(new Network([self::keys('k1')]))->verify($token());
    }

    /**
     * @return array<string, array{callable}>
     */
    public static function forgeries(): array
    {
        $public = static fn (): string => openssl_pkey_get_details(self::$key)['key'];
        $plain = static fn (array $part): string => JWT::urlsafeB64Encode((string) json_encode($part));
        $claims = ['aud' => self::AUDIENCE];
        return [
            'nothing' => [static fn () => ''],
            'junk' => [static fn () => 'a.b.c'],
            'two parts' => [static fn () => substr(self::token(), 0, (int) strrpos(self::token(), '.'))],
            'another key' => [static fn () => self::token([], self::newKey())],
            'the public key as a secret' => [static fn () => JWT::encode($claims, $public(), 'HS256', 'k1')],
            'no signature' => [static fn () => $plain(['alg' => 'none', 'kid' => 'k1']) . '.' . $plain([]) . '.'],
            'no key id' => [static fn () => JWT::encode($claims, self::$key, 'RS256')],
        ];
    }

    /** A key that is new since is fetched, but an unknown one does not make us fetch again and again. */
    public function testFetchesNewKeysWithinReason(): void
    {
        $network = new Network([self::keys('k1'), self::keys('k1', 'k2'), self::keys('k1', 'k2')]);
        $this->verifier($network)->verify(self::token());
        touch($this->file, time() - 120);
        $this->verifier($network)->verify(self::token([], null, 'k2'));
        self::assertSame(1, $network->unanswered());
        foreach (range(1, 5) as $_) {
            try {
                $this->verifier($network)->verify(self::token([], null, 'k3'));
                self::fail('a key that nobody published was accepted');
            } catch (TokenRefused) {
                self::assertSame(1, $network->unanswered());
            }
        }
    }

    /** Old keys are not used for ever: what the issuer withdraws is gone after an hour. */
    public function testKeysGrowOld(): void
    {
        $network = new Network([self::keys('k1'), self::keys('k2')]);
        $this->verifier($network)->verify(self::token());
        touch($this->file, time() - 7200);
        $this->expectException(TokenRefused::class);
        $this->verifier($network)->verify(self::token());
    }

    /**
     * Without keys nothing can be told, and nothing bad is kept.
     *
     * @dataProvider useless
     */
    public function testWithoutKeysNothingCanBeTold(callable $answer): void
    {
        try {
            $this->verifier(new Network([$answer()]))->verify(self::token());
            self::fail('verified without keys');
        } catch (KeysUnavailable) {
            self::assertFileDoesNotExist($this->file);
        }
    }

    /**
     * @return array<string, array{callable}>
     */
    public static function useless(): array
    {
        return [
            'an error' => [static fn () => new Response(500)],
            'no keys' => [static fn () => Network::json(['keys' => []])],
            'a page' => [static fn () => new Response(200, [], '<html>')],
        ];
    }
}
