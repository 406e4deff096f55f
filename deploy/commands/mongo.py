"""`./zone mongo '<command>'`: a command to the zone's database, where no shell of MongoDB is."""

from typing import Annotated, Any

import typer
from bson import json_util
from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_preferences import ReadPreference

from deploy.complaint import Complaint
from deploy.machine.service_database import database_of, mongo_url_of, place_of
from deploy.services import WITH_GATEWAY

ANSWERS_WITHIN_MS = 5_000


def mongo(
    command: Annotated[str, typer.Argument(help='As JSON: \'{"replSetGetStatus": 1}\', \'{"find": "relay"}\'.')],
    service: Annotated[
        str | None, typer.Option("--service", "-s", help="Whose database; by default MongoDB's own, admin.")
    ] = None,
) -> None:
    """Run a database command and print its answer, both as MongoDB Extended JSON.

    What there is: https://www.mongodb.com/docs/manual/reference/command/
    """
    if service is not None and service not in WITH_GATEWAY:
        raise Complaint(f"There is no service {service}; there are {', '.join(WITH_GATEWAY)}.")
    try:
        asked = json_util.loads(command)
    except (ValueError, TypeError, BSONError) as error:
        raise Complaint(f"The command is no JSON: {error}.") from error
    if not isinstance(asked, dict) or not asked:
        raise Complaint('A command is a JSON object that begins with its name, such as {"replSetGetStatus": 1}.')
    url = mongo_url_of(service or next(iter(WITH_GATEWAY)))
    with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=ANSWERS_WITHIN_MS) as client:
        database = client[database_of(service) if service else "admin"]
        try:
            answer = database.command(asked, read_preference=ReadPreference.PRIMARY_PREFERRED)
        except OperationFailure as error:
            why = (error.details or {}).get("errmsg") or str(error)
            raise Complaint(f"MongoDB refuses: {why} (code {error.code}).") from error
        except PyMongoError as error:
            where = f"MongoDB cannot be reached at {place_of(url)}: see ./zone status."
            raise Complaint(where, details=str(error)) from error
    shown = {name: value for name, value in answer.items() if name not in ("$clusterTime", "operationTime")}
    typer.echo(json_util.dumps(shown, indent=2, ensure_ascii=False))
