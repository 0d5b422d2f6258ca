<?php

declare(strict_types=1);

namespace SheetId\Tests\Adapter;

use Google\Auth\Credentials\InsecureCredentials;
use Google\Auth\Iam;
use Google\Cloud\Core\AnonymousCredentials;
use Google\Cloud\Storage\StorageClient;
use GuzzleHttp\Psr7\Response;
use PHPUnit\Framework\TestCase;
use SheetId\Tests\Fake\Network;
use SheetId\Tests\NeedsLibraries;
use SheetId\Upload\CloudObjectStore;
use SheetId\Upload\IamSigner;
use SheetId\Upload\ObjectExists;
use SheetId\Upload\StorageUnavailable;

final class CloudObjectStoreTest extends TestCase
{
    use NeedsLibraries;

    private const OBJECT = ['name' => 'a.png', 'generation' => '17', 'md5Hash' => 'bWQ1'];
    private const EMAIL = 'signer@p.iam.gserviceaccount.com';

    /**
     * The client repeats what fails: without pauses here.
     */
    private static function store(Network $network, ?IamSigner $signer = null): CloudObjectStore
    {
        $client = new StorageClient([
            'projectId' => 'p',
            'credentialsFetcher' => new AnonymousCredentials(),
            'httpHandler' => $network,
            'restDelayFunction' => static fn () => null,
        ]);
        return new CloudObjectStore($client->bucket('sheets'), $signer);
    }

    /** An object is only ever created, with the reference as metadata. */
    public function testCreatesUnlessItExists(): void
    {
        $network = new Network([Network::json(self::OBJECT)]);
        $object = self::store($network)->create('a.png', 'bytes', 'image/png', ['reference' => 'r 1']);
        self::assertSame(
            ['sheets', 'a.png', '17', 'bWQ1'],
            [$object->bucket, $object->name, $object->generation, $object->md5],
        );
        parse_str($network->requests[0]->getUri()->getQuery(), $query);
        self::assertSame('0', $query['ifGenerationMatch']);
        $body = (string) $network->requests[0]->getBody();
        self::assertStringContainsString('"reference":"r 1"', $body);
        self::assertStringContainsString('image/png', $body);
        self::assertStringContainsString(base64_encode(md5('bytes', true)), str_replace('\/', '/', $body));
    }

    /** That it exists is told apart from every other failure. */
    public function testItExists(): void
    {
        $this->expectException(ObjectExists::class);
        self::store(new Network([new Response(412)]))->create('a.png', 'bytes', 'image/png', []);
    }

    /** The client's own attempts are bounded; then it is for the caller to decide. */
    public function testFailuresMayPass(): void
    {
        $network = new Network(array_fill(0, 20, new Response(503)));
        try {
            self::store($network)->create('a.png', 'bytes', 'image/png', []);
            self::fail('the failure was swallowed');
        } catch (StorageUnavailable) {
            self::assertLessThan(10, count($network->requests));
        }
    }

    /** What will never work is not called a passing failure. */
    public function testRefusalsDoNotPass(): void
    {
        try {
            self::store(new Network([new Response(403)]))->create('a.png', 'bytes', 'image/png', []);
            self::fail('the refusal was swallowed');
        } catch (\Exception $error) {
            self::assertNotInstanceOf(StorageUnavailable::class, $error);
            self::assertSame(403, $error->getCode());
        }
    }

    /** An object that is not there is nothing, not an error. */
    public function testFinds(): void
    {
        self::assertSame('17', self::store(new Network([Network::json(self::OBJECT)]))->find('a.png')?->generation);
        self::assertNull(self::store(new Network([new Response(404)]))->find('a.png'));
    }

    /** A signed upload's type, size range and precondition are in the signature, which IAM made. */
    public function testSignsThroughIam(): void
    {
        $key = openssl_pkey_new(['private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_RSA]);
        $asked = [];
        $iam = new Iam(static function ($request) use ($key, &$asked) {
            $asked[] = (string) $request->getUri();
            $payload = base64_decode(json_decode((string) $request->getBody())->payload);
            openssl_sign($payload, $signature, $key, OPENSSL_ALGO_SHA256);
            return Network::json(['signedBlob' => base64_encode($signature)]);
        });
        $signer = new IamSigner(self::EMAIL, new InsecureCredentials(), $iam);
        $signed = self::store(new Network([]), $signer)
            ->signUpload('in/a b.png', 'image/png', 1000, new \DateTimeImmutable('+10 minutes'), ['reference' => 'r']);
        self::assertSame([
            'content-type' => 'image/png',
            'x-goog-content-length-range' => '1,1000',
            'x-goog-if-generation-match' => '0',
            'x-goog-meta-reference' => 'r',
        ], $signed->headers);
        self::assertSame(
            ['https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/' . self::EMAIL
                . ':signBlob?alt=json'],
            $asked,
        );
        self::assertSame(1, $this->verification($signed->url, $signed->headers, $key));
        $larger = ['x-goog-content-length-range' => '1,9999'] + $signed->headers;
        self::assertSame(0, $this->verification($signed->url, $larger, $key), 'nobody may raise the limit');
    }

    /**
     * Check the signature as Cloud Storage does, of the request that a browser would send with these headers.
     *
     * @param array<string, string> $headers
     */
    private function verification(string $url, array $headers, \OpenSSLAsymmetricKey $key): int
    {
        ['host' => $host, 'path' => $path, 'query' => $query] = parse_url($url);
        parse_str($query, $parameters);
        $headers += ['host' => $host];
        ksort($headers);
        self::assertSame(implode(';', array_keys($headers)), $parameters['X-Goog-SignedHeaders']);
        self::assertSame('600', $parameters['X-Goog-Expires']);
        $lines = '';
        foreach ($headers as $name => $value) {
            $lines .= "$name:$value\n";
        }
        $signedQuery = preg_replace('/&X-Goog-Signature=.*/', '', $query);
        $request = "PUT\n$path\n$signedQuery\n$lines\n{$parameters['X-Goog-SignedHeaders']}\nUNSIGNED-PAYLOAD";
        $scope = substr($parameters['X-Goog-Credential'], strlen(self::EMAIL) + 1);
        $signedText = "GOOG4-RSA-SHA256\n{$parameters['X-Goog-Date']}\n$scope\n" . hash('sha256', $request);
        $public = openssl_pkey_get_details($key)['key'];
        return openssl_verify($signedText, hex2bin($parameters['X-Goog-Signature']), $public, OPENSSL_ALGO_SHA256);
    }
}
