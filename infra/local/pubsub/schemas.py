"""Schemas: protobuf definitions compiled at run time, and messages checked against them."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message, message_factory
from google.pubsub_v1.types import Encoding

from infra.local.pubsub.errors import invalid, unimplemented

_FILE_NAME = "schema.proto"


@dataclass(frozen=True, slots=True)
class CompiledSchema:
    """A protobuf schema's one top-level message, ready to check messages with."""

    message_class: type[message.Message]

    def check(self, data: bytes, encoding: Encoding) -> None:
        """Check that `data` is a message of this schema.

        Raises:
            PubSubError: INVALID_ARGUMENT, with the reason, when it is not.
        """
        try:
            if encoding == Encoding.JSON:
                json_format.Parse(data.decode(), self.message_class())
            elif encoding == Encoding.BINARY:
                self.message_class().ParseFromString(data)
            else:
                raise invalid("Schemas need an encoding, JSON or BINARY.")
        except (json_format.ParseError, message.DecodeError, UnicodeDecodeError) as error:
            raise invalid(f"Invalid data in message: Message failed schema validation: {error}") from error


def compile_schema(definition: str) -> CompiledSchema:
    """Compile a protobuf `definition`: one top-level message, no imports.

    Raises:
        PubSubError: INVALID_ARGUMENT when it does not compile or has another shape; UNIMPLEMENTED when
            grpcio-tools is not installed.
    """
    file = _compile(definition)
    if file.dependency:
        raise invalid(f"Invalid schema: imports are not allowed ({', '.join(file.dependency)}).")
    if len(file.message_type) != 1:
        raise invalid(f"Invalid schema: expected one top-level message, found {len(file.message_type)}.")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    name = ".".join(part for part in (file.package, file.message_type[0].name) if part)
    return CompiledSchema(message_factory.GetMessageClass(pool.FindMessageTypeByName(name)))


def _compile(definition: str) -> descriptor_pb2.FileDescriptorProto:
    """Run protoc in a process of its own: it writes its errors to the file descriptor, not `sys.stderr`."""
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder, _FILE_NAME), Path(folder, "schema.pb")
        source.write_text(definition, encoding="utf-8")
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}"]
        command += [f"--descriptor_set_out={output}", str(source)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if "No module named" in result.stderr:
            raise unimplemented("Compiling schemas without the package grpcio-tools")
        if result.returncode:
            lines = result.stderr.replace(str(source), _FILE_NAME).splitlines()
            errors = [line for line in lines if line.startswith(_FILE_NAME)]  # the rest is protoc's own log
            raise invalid(f"Invalid schema: {'; '.join(errors)}")
        return descriptor_pb2.FileDescriptorSet.FromString(output.read_bytes()).file[0]
